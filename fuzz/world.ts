import { createAdmin } from '../server/cli/create-admin.ts'
import type { Database } from '../server/database/database.ts'
import { isRefusal } from '../server/platform/refusal.ts'
import type { Client } from './client.ts'

export type Side = 'a' | 'b'
export type CallerName = 'guest' | 'admin' | 'forger' | `${'customer' | 'staff' | 'owner' | 'browser'}-${Side}`

export interface Caller {
  readonly name: CallerName
  readonly headers: Readonly<Record<string, string>>
}

/** A text that stands in one place, and who may read it there. */
export interface Canary {
  readonly text: string
  readonly readers: readonly CallerName[]
  /** Where it was written down. */
  readonly theatreId: string
  /** Whose name it is. */
  readonly userId?: string
}

/** Two houses of different owners, and everybody who may want something of them. */
export interface World {
  readonly callers: readonly Caller[]
  readonly canaries: readonly Canary[]
  /** What each house has, by the first letters of its ids, or by what else it is. */
  readonly things: Readonly<Record<Side, ReadonlyMap<string, readonly string[]>>>
  /** The key of a guest, by the id of what it opens. */
  readonly keys: ReadonlyMap<string, string>
  /** Whose account a caller shows. */
  readonly users: ReadonlyMap<CallerName, string>
}

type Members = Record<string, unknown>

const password = 'a long word that only its people know'
const GBP = 'GBP'
let worlds = 0

/** Makes two houses by asking the server for them, as their owners would. */
export async function makeWorld(client: Client, database: Database, nowMs: number): Promise<World> {
  worlds += 1
  const maker = new Maker(client, worlds, nowMs)
  const admin = {
    email: `admin-${worlds}@example.com`,
    password: 'a long word that only this fuzzer knows',
  }
  const made = await createAdmin(database, { ...admin, name: 'Ada' })
  if (isRefusal(made)) throw new Error(made.detail)
  const adminToken = String((await maker.post('/auth/login', admin))['accessToken'])
  const houses = { a: await maker.makeHouse('a'), b: await maker.makeHouse('b') }
  const forged = `${adminToken.slice(0, -8)}AAAAAAAA`
  return {
    callers: [
      { name: 'guest', headers: {} },
      { name: 'admin', headers: { authorization: `Bearer ${adminToken}` } },
      { name: 'forger', headers: { authorization: `Bearer ${forged}` } },
      ...houses.a.callers,
      ...houses.b.callers,
    ],
    canaries: [...houses.a.canaries, ...houses.b.canaries],
    things: { a: houses.a.things, b: houses.b.things },
    keys: maker.keys,
    users: new Map([...houses.a.users, ...houses.b.users]),
  }
}

interface House {
  readonly callers: readonly Caller[]
  readonly canaries: readonly Canary[]
  readonly things: ReadonlyMap<string, readonly string[]>
  readonly users: readonly [CallerName, string][]
}

class Maker {
  readonly keys = new Map<string, string>()
  readonly #client: Client
  readonly #world: number
  readonly #nowMs: number

  constructor(client: Client, world: number, nowMs: number) {
    this.#client = client
    this.#world = world
    this.#nowMs = nowMs
  }

  async post(path: string, body: object, headers: Record<string, string> = {}, method = 'POST'): Promise<Members> {
    const answer = await this.#client.send({
      method,
      target: `/api/v1${path}`,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    const said: Members = answer.text === '' ? {} : JSON.parse(answer.text)
    const [cookie = ''] = answer.headers['set-cookie'] ?? []
    return { ...said, cookie: cookie.split(';', 1)[0] }
  }

  /** A theatre with one of everything, and its canaries: what nobody from outside may ever read. */
  async makeHouse(side: Side): Promise<House> {
    const mark = `canary${this.#world}${side}`
    const people = await this.#people(side, mark)
    const owner = { authorization: `Bearer ${people.owner.token}` }
    const make = async (path: string, body: object, method = 'POST') => await this.post(path, body, owner, method)
    const theatre = await make('/theatres', {
      name: `Rex ${mark}`,
      city: 'London',
      timeZone: 'Europe/London',
      currency: GBP,
    })
    const at = `/theatres/${String(theatre['id'])}`
    await make(`${at}/staff/${people.staff.id}`, {}, 'PUT')
    const rows = ['A', 'B', 'C', 'D', 'E'].map((label) => ({
      label,
      seats: Array.from({ length: 8 }, (_seat, seat) => ({ number: String(seat + 1) })),
    }))
    const hall = await make(`${at}/auditoriums`, { name: 'Screen 1', layout: { rows } })
    const room = await make(`${at}/auditoriums`, { name: 'Bar', layout: { seating: 'general', capacity: 60 } })
    const film = await make('/movies', { title: 'The Night Tram', runtimeMinutes: 100 })
    const show = { movieId: film['id'], basePrice: { amount: 1200, currency: GBP } }
    const day = (days: number) => new Date(this.#nowMs + days * 86_400_000).toISOString()
    const shows = [
      await make('/showtimes', { ...show, auditoriumId: hall['id'], startsAt: day(2) }),
      await make('/showtimes', { ...show, auditoriumId: hall['id'], startsAt: day(3) }),
      await make('/showtimes', { ...show, auditoriumId: room['id'], startsAt: day(2) }),
      await make('/showtimes', { ...show, auditoriumId: hall['id'], startsAt: day(5), status: 'draft' }),
      await make('/showtimes', { ...show, auditoriumId: hall['id'], startsAt: day(6), visibility: 'private' }),
    ]
    const sold = await this.#sell(String(shows[0]?.['id']), mark, people.customer.token)
    const kept = await this.#keep(at, mark, owner)
    const things = new Map<string, readonly string[]>([
      ['thr', [String(theatre['id'])]],
      ['aud', [String(hall['id']), String(room['id'])]],
      ['mov', [String(film['id'])]],
      ['sho', shows.map(({ id }) => String(id))],
      ['usr', [people.customer.id, people.staff.id, people.owner.id]],
      ['email', ['customer', 'walk-in', 'staff', 'nobody'].map((name) => `${mark}-${name}@example.com`)],
      ['password', [password]],
      ...sold,
      ...kept,
    ])
    const mine: readonly CallerName[] = ['admin', `owner-${side}`, `staff-${side}`]
    return {
      things,
      users: [
        [`owner-${side}`, people.owner.id],
        [`staff-${side}`, people.staff.id],
        [`customer-${side}`, people.customer.id],
        [`browser-${side}`, people.customer.id],
      ],
      callers: [
        { name: `owner-${side}`, headers: owner },
        { name: `staff-${side}`, headers: { authorization: `Bearer ${people.staff.token}` } },
        { name: `customer-${side}`, headers: { authorization: `Bearer ${people.customer.token}` } },
        { name: `browser-${side}`, headers: { cookie: people.customer.cookie } },
      ],
      canaries: [
        { text: `${mark}-kept`, readers: mine },
        { text: `${mark}-walk-in`, readers: mine },
        { text: `${mark}-staff`, readers: mine, userId: people.staff.id },
        { text: `${mark}-owner`, readers: mine, userId: people.owner.id },
        {
          text: `${mark}-customer`,
          readers: [...mine, `customer-${side}`, `browser-${side}`] as const,
          userId: people.customer.id,
        },
      ].map((canary) => ({ ...canary, theatreId: String(theatre['id']) })),
    }
  }

  async #people(side: Side, mark: string) {
    const join = async (role: 'customer' | 'owner', name: string) => {
      const email = `${mark}-${name}@example.com`
      const made = await this.post('/auth/register', { email, password, name: `${mark}-${name}`, role })
      const cookie = await this.post(
        '/auth/login',
        { email, password, session: 'cookie' },
        { origin: 'http://127.0.0.1' },
      )
      const { id } = made['user'] as { id: string }
      return { id, token: String(made['accessToken']), cookie: String(cookie['cookie']), side }
    }
    return {
      owner: await join('owner', 'owner'),
      staff: await join('customer', 'staff'),
      customer: await join('customer', 'customer'),
    }
  }

  /** A hold, a pending booking and two paid ones: of the customer, and of somebody who walked in. */
  async #sell(showtimeId: string, mark: string, token: string): Promise<[string, string[]][]> {
    const buyers: readonly Record<string, string>[] = [{ authorization: `Bearer ${token}` }, {}]
    const [holds, bookings, payments, tickets, codes, references]: string[][] = [[], [], [], [], [], []]
    for (const [row, buyer] of buyers.entries()) {
      const name = row === 0 ? `${mark}-customer` : `${mark}-walk-in`
      const customer = { name, email: `${name}@example.com` }
      const seats = (number: number) => [`${'AB'[row]}${number}`]
      const hold = await this.post(`/showtimes/${showtimeId}/holds`, { seats: seats(1) }, buyer)
      const pending = await this.post('/bookings', { showtimeId, seats: seats(2), customer }, buyer)
      const booked = await this.post('/bookings', { showtimeId, seats: seats(3), customer }, buyer)
      const key = { 'x-access-token': String(booked['accessToken']) }
      const paid = await this.post('/payments', { bookingId: booked['id'], provider: 'test' }, key)
      await this.post(`/payments/${String(paid['id'])}/confirm`, { outcome: 'succeed' }, key)
      const ticket = await this.#ticketOf(String(booked['id']), key)
      holds?.push(String(hold['id']))
      bookings?.push(String(pending['id']), String(booked['id']))
      payments?.push(String(paid['id']))
      tickets?.push(ticket.id)
      codes?.push(ticket.code)
      references?.push(String(booked['reference']))
      this.keys.set(String(hold['id']), String(hold['token']))
      for (const each of [pending, booked]) this.keys.set(String(each['id']), String(each['accessToken']))
      this.keys.set(String(paid['id']), String(booked['accessToken']))
    }
    return [
      ['hld', holds ?? []],
      ['bkg', bookings ?? []],
      ['pay', payments ?? []],
      ['tkt', tickets ?? []],
      ['code', codes ?? []],
      ['reference', references ?? []],
    ]
  }

  async #ticketOf(bookingId: string, headers: Record<string, string>): Promise<{ id: string; code: string }> {
    const answer = await this.#client.send({ method: 'GET', target: `/api/v1/bookings/${bookingId}`, headers })
    const { tickets } = JSON.parse(answer.text) as { tickets: [{ id: string; code: string }] }
    return tickets[0]
  }

  async #keep(at: string, mark: string, owner: Record<string, string>): Promise<[string, string[]][]> {
    const make = async (path: string, body: object) => await this.post(path, body, owner)
    const code = mark.replace('canary', 'PLAIN').toUpperCase()
    const rules = [{ category: 'standard', ticketType: 'adult', price: { amount: 900, currency: GBP } }]
    const balance = { amount: 5000, currency: GBP }
    const type = await make(`${at}/ticket-types`, { key: 'usher', name: 'Usher' })
    const list = await make(`${at}/price-lists`, { name: `${mark}-kept`, rules })
    const promotion = await make('/promotions', { code: `P-${code}`, percentOff: 10 })
    const voucher = await make('/vouchers', { code: `V-${code}`, balance })
    const endpoint = await make('/webhook-endpoints', { url: `https://${mark}-kept.example.com/hook` })
    const shift = await make('/shifts', { theatreId: at.split('/').at(-1), till: `${mark}-kept`, float: balance })
    return [
      ['tty', [String(type['id'])]],
      ['prl', [String(list['id'])]],
      ['pro', [String(promotion['id'])]],
      ['vou', [String(voucher['id'])]],
      ['whk', [String(endpoint['id'])]],
      ['shf', [String(shift['id'])]],
      ['promoCode', [`P-${code}`]],
      ['voucherCode', [`V-${code}`]],
    ]
  }
}
