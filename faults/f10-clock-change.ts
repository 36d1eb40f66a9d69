import type { Client, Heard } from '../storm/client.ts'
import { doorEnvironment, openDoor } from '../storm/ground.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'

/** An hour at night, half an hour, at midnight, an hour that ends at a quarter past, and the other side of the ocean. */
const zones = [
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Pacific/Chatham',
  'America/New_York',
] as const
/** What the server's own machine is set to, which must not matter. */
const serverZones = ['UTC', 'Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Kathmandu'] as const
const dayMs = 86_400_000
const minuteMs = 60_000

export const clockChange: Fault = {
  id: 'F10',
  holds:
    'Where the clocks change, a time that there is not or twice is refused, either of two is as it was sent, and a day’s money is that of its 23 or 25 hours.',
  injection: 'the next change forwards and back in five zones, on servers whose own zone is another',
  engines: bothEngines,
  rounds: { test: 1, short: 5, long: 30 },
  needs: [],
  async run({ rounds, breakGround }) {
    let changes = 0
    for (let round = 0; round < rounds; round += 1) {
      const location = await breakGround()
      const environment = { ...doorEnvironment, TZ: serverZones[round % serverZones.length] ?? 'UTC' }
      await inHouse(
        location,
        async ({ client, shop, url }) => {
          const { door } = await openDoor(shop, url)
          const owner = new Programme(client, door ?? '')
          for (const zone of zones) {
            for (const change of nextChanges(zone)) {
              await across(owner, change)
              changes += 1
            }
          }
        },
        { environment },
      )
    }
    return `${changes} changes of the clocks in ${rounds} zones of the server`
  },
}

interface Change {
  readonly zone: string
  readonly atMs: number
  /** From UTC, before it and after. */
  readonly beforeMs: number
  readonly afterMs: number
}

/** The next change forwards and the next one back, a month from now at the earliest. */
function nextChanges(zone: string): Change[] {
  const found = new Map<boolean, Change>()
  let from = Temporal.Now.zonedDateTimeISO(zone).add({ months: 1 })
  while (found.size < 2) {
    const after = from.getTimeZoneTransition('next')
    if (!after) throw new Error(`The clocks of ${zone} change no more`)
    const before = after.subtract({ nanoseconds: 1 })
    const change = {
      zone,
      atMs: after.epochMilliseconds,
      beforeMs: before.offsetNanoseconds / 1e6,
      afterMs: after.offsetNanoseconds / 1e6,
    }
    const goesForward = change.afterMs > change.beforeMs
    if (!found.has(goesForward)) found.set(goesForward, change)
    from = after
  }
  return [...found.values()]
}

/** What a clock on the wall shows that is so far from UTC. */
function wall(atMs: number, offsetMs: number): string {
  return new Date(atMs + offsetMs).toISOString().slice(0, 16)
}

function offsetOf(ms: number): string {
  const minutes = Math.abs(ms) / minuteMs
  const digits = (value: number) => String(value).padStart(2, '0')
  return `${ms < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`
}

/** Shows and sells around one change; what is right is counted here by adding and subtracting alone. */
async function across(owner: Programme, change: Change): Promise<void> {
  const { zone, atMs, beforeMs, afterMs } = change
  const theatre = await owner.openTheatre(zone)
  // Business days begin at six: the change belongs to the day whose evening came before it.
  const lastBefore = Date.parse(`${wall(atMs - minuteMs, beforeMs)}Z`)
  const date = new Date(lastBefore - 6 * 60 * minuteMs).toISOString().slice(0, 10)
  const nextDate = new Date(Date.parse(date) + dayMs).toISOString().slice(0, 10)
  const opensMs = Date.parse(`${date}T06:00Z`) - beforeMs
  const endsMs = Date.parse(`${nextDate}T06:00Z`) - afterMs
  const shows = [
    { text: `${date}T06:00`, startsMs: opensMs, day: date },
    { text: `${nextDate}T05:55`, startsMs: endsMs - 5 * minuteMs, day: date },
    { text: `${nextDate}T06:00`, startsMs: endsMs, day: nextDate },
  ]
  const middle = wall(atMs, (beforeMs + afterMs) / 2)
  if (afterMs > beforeMs) await owner.isRefused(theatre, middle, 'does not exist')
  else {
    await owner.isRefused(theatre, middle, 'happens twice')
    for (const offsetMs of [beforeMs, afterMs]) {
      const text = `${middle}${offsetOf(offsetMs)}`
      shows.push({ text, startsMs: Date.parse(`${middle}Z`) - offsetMs, day: date })
    }
  }
  const taken = new Map<string, number>()
  for (const [index, { text, startsMs, day }] of shows.entries()) {
    const amount = 1000 + 10 ** index
    const show = await owner.show(theatre, text, amount)
    const said = `${text} in ${zone} became ${JSON.stringify([show['startsAt'], show['localStartsAt'], show['businessDate']])}`
    ensure(Date.parse(String(show['startsAt'])) === startsMs, said)
    ensure(show['localStartsAt'] === text.slice(0, 16) && show['businessDate'] === day, said)
    await owner.sell(String(show['id']), `${zone} ${atMs} ${index}`)
    taken.set(day, (taken.get(day) ?? 0) + amount)
  }
  const days = await owner.revenue(theatre.id, date, nextDate)
  const said = `${(endsMs - opensMs) / 3600_000} hours of ${date} in ${zone}: ${JSON.stringify([...days])}, not ${JSON.stringify([...taken])}`
  ensure(days.size === taken.size && [...taken].every(([day, sum]) => days.get(day) === sum), said)
}

interface Theatre {
  readonly id: string
  readonly movieId: string
}

/** What somebody asks for who runs a house, and a guest who comes to it. */
class Programme {
  readonly #client: Client
  readonly #bearer: string
  #asked = 0

  constructor(client: Client, bearer: string) {
    this.#client = client
    this.#bearer = bearer
  }

  async #post(path: string, body: object): Promise<Heard> {
    this.#asked += 1
    return await this.#client.settle({ method: 'POST', path, body, bearer: this.#bearer, key: `owner ${this.#asked}` })
  }

  async #make(path: string, body: object): Promise<Record<string, unknown>> {
    const made = await this.#post(path, body)
    ensure(made.status === 201, `${path}: ${made.status} ${made.text}`)
    return made.body
  }

  async openTheatre(timeZone: string): Promise<Theatre> {
    const theatre = { name: `Rex ${this.#asked}`, city: 'Somewhere', timeZone, currency: 'EUR' }
    const { id } = await this.#make('/theatres', theatre)
    const movie = await this.#make('/movies', { title: 'The Night Tram', runtimeMinutes: 10 })
    return { id: String(id), movieId: String(movie['id']) }
  }

  /** Each in a hall of its own: around a change they lie close together. */
  async #ask({ id, movieId }: Theatre, startsAt: string, amount: number): Promise<Heard> {
    const layout = { seating: 'general', capacity: 5 }
    const hall = await this.#make(`/theatres/${id}/auditoriums`, { name: `Screen ${this.#asked}`, layout })
    const basePrice = { amount, currency: 'EUR' }
    return await this.#post('/showtimes', { movieId, auditoriumId: hall['id'], startsAt, basePrice })
  }

  async show(theatre: Theatre, startsAt: string, amount: number): Promise<Record<string, unknown>> {
    const made = await this.#ask(theatre, startsAt, amount)
    ensure(made.status === 201, `A showtime at ${startsAt} was answered with ${made.status} ${made.text}`)
    return made.body
  }

  async isRefused(theatre: Theatre, startsAt: string, why: string): Promise<void> {
    const { status, text } = await this.#ask(theatre, startsAt, 1000)
    ensure(status === 400 && text.includes(why), `A showtime at ${startsAt} was answered with ${status} ${text}`)
  }

  /** One ticket, paid by a guest. */
  async sell(showtimeId: string, name: string): Promise<void> {
    const post = async (path: string, body: object, accessToken = '') => {
      const key = `${name} ${path.split('/').at(-1)}`
      const heard = await this.#client.settle({
        method: 'POST',
        path,
        body,
        key,
        ...(accessToken !== '' && { accessToken }),
      })
      ensure(heard.status < 300, `${path}: ${heard.status} ${heard.text}`)
      return heard.body
    }
    const hold = await post(`/showtimes/${showtimeId}/holds`, { count: 1 })
    const customer = { name: 'Ada', email: 'ada@example.com' }
    const booking = await post('/bookings', { holdId: hold['id'], customer }, String(hold['token']))
    const accessToken = String(booking['accessToken'])
    const payment = await post('/payments', { bookingId: booking['id'], provider: 'test' }, accessToken)
    await post(`/payments/${String(payment['id'])}/confirm`, { outcome: 'succeed' }, accessToken)
  }

  /** What was taken for the showtimes of each day, minor units. */
  async revenue(theatreId: string, from: string, to: string): Promise<Map<string, number>> {
    const query = new URLSearchParams({ theatreId, from, to, groupBy: 'day', basis: 'show' })
    const path = `/admin/reports/revenue?${query}`
    const { status, text } = await this.#client.settle({ method: 'GET', path, bearer: this.#bearer })
    ensure(status === 200, `${path}: ${status} ${text}`)
    const { rows }: { rows: { key: string; gross: number }[] } = JSON.parse(text)
    return new Map(rows.map(({ key, gross }) => [key, gross]))
  }
}
