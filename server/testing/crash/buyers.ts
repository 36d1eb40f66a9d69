import type { Acknowledged } from '../../audit/journal.ts'
import type { Client, Heard, Sent } from './client.ts'

/** One purchase as its buyer knows it: what was acknowledged, and the request of which nobody knows what became. */
export interface Purchase {
  readonly name: string
  hold?: { readonly id: string; readonly token: string }
  booking?: { readonly id: string; readonly accessToken: string }
  payment?: { readonly id: string }
  /** What the test provider was told to do, once that was acknowledged. */
  outcome?: 'succeed' | 'decline' | 'timeout'
  released?: true
  cancelled?: true
  unknown?: Sent
}

/** What clients have seen, all in all. */
export interface Journal {
  readonly purchases: Purchase[]
  /** In the order in which it was acknowledged, for the audit. */
  readonly acknowledged: Acknowledged[]
  /** Whatever may never be answered. */
  readonly faults: string[]
  unknown: number
  replayed: number
  refused: number
}

export function emptyJournal(): Journal {
  return { purchases: [], acknowledged: [], faults: [], unknown: 0, replayed: 0, refused: 0 }
}

interface Step {
  readonly request: Sent
  /** Notes a success in the journal: the first thing that happens to it. */
  note(body: Record<string, unknown>): void
  /** The statuses of a lawful refusal. */
  readonly refusals: readonly number[]
}

export interface Shop {
  readonly reserved: { readonly id: string; readonly rows: number; readonly seats: number }
  readonly general: { readonly id: string }
}

/** Buys until it is told to stop, or until nobody answers. */
export async function buyOn(
  client: Client,
  journal: Journal,
  shop: Shop,
  name: string,
  isStopped: () => boolean,
): Promise<void> {
  for (let count = 0; !isStopped(); count += 1) {
    const purchase: Purchase = { name: `${name}.${count}` }
    journal.purchases.push(purchase)
    for (;;) {
      const step = nextStep(journal, purchase, shop)
      if (!step) break
      const heard = await client.send(step.request)
      if (!heard) {
        purchase.unknown = step.request
        journal.unknown += 1
        return
      }
      if (!take(journal, step, heard)) break
    }
  }
}

/** Sends again what nobody knows about, with the same key: by now it has one effect, whichever of the two did it. */
export async function settle(client: Client, journal: Journal, shop: Shop): Promise<void> {
  const open = journal.purchases.filter(({ unknown }) => unknown !== undefined)
  await Promise.all(
    open.map(async (purchase) => {
      const step = nextStep(journal, purchase, shop)
      if (!step) throw new Error('What is unknown was a step')
      delete purchase.unknown
      const heard = await client.settle(step.request)
      if (heard.replayed) journal.replayed += 1
      take(journal, step, heard)
    }),
  )
}

/** Notes an answer; false is the end of this purchase. */
function take(journal: Journal, { request, note, refusals }: Step, { status, body }: Heard): boolean {
  if (status < 300) {
    note(body)
    return true
  }
  journal.refused += 1
  if (!refusals.includes(status)) {
    journal.faults.push(`${request.method} ${request.path}: ${status} ${JSON.stringify(body).slice(0, 200)}`)
  }
  return false
}

/** What a purchase does next; a step whose end is unknown is itself, to the last byte. */
function nextStep(journal: Journal, purchase: Purchase, shop: Shop): Step | null {
  const { name, hold, booking, payment, unknown } = purchase
  const acknowledge = (table: Acknowledged['table'], id: unknown, confirmed = false) =>
    journal.acknowledged.push({ line: journal.acknowledged.length + 1, table, id: String(id), confirmed })
  if (purchase.released || purchase.cancelled) return null
  if (!hold)
    return unknown ? placeHold(purchase, unknown, acknowledge) : placeHold(purchase, wish(name, shop), acknowledge)
  if (!booking) return bookOrRelease(purchase, hold, acknowledge)
  const accessToken = booking.accessToken
  if (!payment) {
    if (chance(name, 'leave') < 0.1) return null
    const body = { bookingId: booking.id, provider: 'test' }
    return {
      request: { method: 'POST', path: '/payments', body, accessToken, key: `${name} pay` },
      refusals: [],
      note(answer) {
        acknowledge('payments', answer['id'])
        purchase.payment = { id: String(answer['id']) }
      },
    }
  }
  if (!purchase.outcome) return confirm(purchase, payment.id, accessToken, acknowledge)
  if (chance(name, 'cancel') > 0.12) return null
  return {
    request: { method: 'POST', path: `/bookings/${booking.id}/cancel`, body: {}, accessToken, key: `${name} cancel` },
    refusals: [],
    note() {
      purchase.cancelled = true
    },
  }
}

type Acknowledge = (table: Acknowledged['table'], id: unknown, confirmed?: boolean) => void

function placeHold(purchase: Purchase, request: Sent, acknowledge: Acknowledge): Step {
  return {
    request,
    // Somebody else was faster: the only thing that may go wrong.
    refusals: [409],
    note(answer) {
      acknowledge('holds', answer['id'])
      purchase.hold = { id: String(answer['id']), token: String(answer['token']) }
    },
  }
}

function wish(name: string, { reserved, general }: Shop): Sent {
  const key = `${name} hold`
  const count = 1 + Math.floor(chance(name, 'count') * 3)
  if (chance(name, 'where') < 0.3)
    return { method: 'POST', path: `/showtimes/${general.id}/holds`, body: { count }, key }
  const row = 1 + Math.floor(chance(name, 'row') * reserved.rows)
  const first = 1 + Math.floor(chance(name, 'seat') * (reserved.seats - count + 1))
  const seats = Array.from({ length: count }, (_seat, index) => `R${row}-${first + index}`)
  return { method: 'POST', path: `/showtimes/${reserved.id}/holds`, body: { seats }, key }
}

function bookOrRelease(purchase: Purchase, hold: { id: string; token: string }, acknowledge: Acknowledge): Step {
  const { name } = purchase
  if (chance(name, 'release') < 0.1) {
    return {
      request: { method: 'DELETE', path: `/holds/${hold.id}`, accessToken: hold.token },
      refusals: [],
      note() {
        purchase.released = true
      },
    }
  }
  const customer = { name, email: 'ada@example.com' }
  const body = { holdId: hold.id, customer }
  return {
    request: { method: 'POST', path: '/bookings', body, accessToken: hold.token, key: `${name} book` },
    refusals: [],
    note(answer) {
      acknowledge('bookings', answer['id'])
      purchase.booking = { id: String(answer['id']), accessToken: String(answer['accessToken']) }
    },
  }
}

function confirm(purchase: Purchase, id: string, accessToken: string, acknowledge: Acknowledge): Step {
  const { name, booking } = purchase
  const luck = chance(name, 'outcome')
  const outcome = luck < 0.8 ? 'succeed' : luck < 0.9 ? 'decline' : 'timeout'
  return {
    request: {
      method: 'POST',
      path: `/payments/${id}/confirm`,
      body: { outcome },
      accessToken,
      key: `${name} confirm`,
    },
    refusals: [],
    note() {
      if (outcome === 'succeed' && booking) acknowledge('bookings', booking.id, true)
      purchase.outcome = outcome
    },
  }
}

/** From 0 to below 1, the same for the same purchase and question: a step that is asked for again is the same step. */
function chance(name: string, question: string): number {
  let hash = 2_166_136_261
  for (const character of `${question} ${name}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}
