import { RefusedCall } from '../../contract/client.ts'
import { call, failureCode } from '../api.ts'
import type { FailureCode } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { typesFor } from '../seat-map/choice.ts'
import type { Details, Loose, Outcome, Sale, Work } from './sale.ts'

/** What the till knows beside the sale. */
export interface Desk {
  readonly show: Listed | null
  readonly currency: string
  /** The open shift of this till, if there is one. */
  readonly shiftId: string | null
  readonly locale: string
}

/** No answer, or one that decides nothing: asked again under the same key, it is done at most once. */
const undecided: ReadonlySet<FailureCode> = new Set([
  'offline',
  'internal_error',
  'busy',
  'draining',
  'overloaded',
  'rate_limited',
  'request_timeout',
  'idempotency_in_progress',
])
const firstPauseMs = 400
const longestPauseMs = 4000

/** Asks the house for what a sale needs, as often as it takes to hear an answer; `stalled` is told while there is none. */
export async function perform(
  sale: Sale,
  work: Work,
  desk: Desk,
  signal: AbortSignal,
  stalled: (isStalled: boolean) => void,
): Promise<Outcome> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await ask(sale, work, desk, signal)
    } catch (error) {
      signal.throwIfAborted()
      const code = failureCode(error)
      if (!undecided.has(code)) return { type: 'failed', problem: problemOf(error) }
      stalled(true)
      await pause(pauseMs, signal)
    }
  }
}

function problemOf(error: unknown) {
  const { seats = [], suggestions = [] } = error instanceof RefusedCall ? error.problem : {}
  return { code: failureCode(error), seats, suggestions }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  signal.throwIfAborted()
}

async function ask(sale: Sale, work: Work, desk: Desk, signal: AbortSignal): Promise<Outcome> {
  const options = { signal, idempotencyKey: `${sale.key}.${sale.attempt}` }
  switch (work.kind) {
    case 'hold': {
      const { count, seats } = work
      const body =
        desk.show?.seating === 'general' ? { count } : seats === null ? { best: { count } } : { seats: [...seats] }
      const params = { id: sale.showtimeId ?? '' }
      return { type: 'held', hold: await call('placeHold', { params, body, ...options }) }
    }
    case 'book':
      return { type: 'booked', booking: await call('createBooking', { body: bookingOf(sale, desk), ...options }) }
    case 'pay':
      return { type: 'paid', payment: await call('createPayment', { body: paymentOf(sale, work, desk), ...options }) }
    default:
      await call('cancelBooking', { params: { id: sale.booking?.id ?? '' }, body: {}, ...options })
      return { type: 'givenUp' }
  }
}

function bookingOf({ hold, counts, details }: Sale, { locale }: Desk) {
  const places = hold && hold.seats.length > 0 ? hold.seats : Array.from({ length: hold?.count ?? 0 }, () => null)
  const types = typesFor(counts, places)
  const tickets = places.map((seat, index) => ({ ...(seat !== null && { seat }), ticketType: types[index] ?? 'adult' }))
  const customer = customerOf(details)
  const { promoCode, payBy } = details
  return {
    holdId: hold?.id ?? '',
    tickets,
    ...(Object.keys(customer).length > 0 && { customer: { ...customer, locale } }),
    ...(promoCode !== '' && { promoCode }),
    ...(payBy !== '' && { payBy }),
  }
}

/** What is known of the customer; what was left empty is not sent. */
export function customerOf({ name, email, phone }: Details) {
  return { ...(name !== '' && { name }), ...(email !== '' && { email }), ...(phone !== '' && { phone }) }
}

function paymentOf(sale: Sale, work: Extract<Work, { kind: 'pay' }>, { currency, shiftId }: Desk) {
  const { tender, amount, tendered, terminalReference, voucherCode } = work
  return {
    bookingId: sale.booking?.id ?? '',
    provider: 'counter' as const,
    tender,
    ...(amount !== null && { amount: { amount, currency } }),
    ...(tendered !== null && { tendered: { amount: tendered, currency } }),
    ...(terminalReference !== null && { terminalReference }),
    ...(voucherCode !== null && { voucherCode }),
    ...(shiftId !== null && { shiftId }),
  }
}

/** Gives claims back. What cannot be given back any more is free already. */
export async function letLoose({ holdId, bookingId, token }: Loose, signal: AbortSignal): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      if (bookingId !== null) await call('cancelBooking', { params: { id: bookingId }, body: {}, signal })
      else if (holdId !== null) await call('releaseHold', { params: { id: holdId }, accessToken: token, signal })
      return
    } catch (error) {
      signal.throwIfAborted()
      if (!undecided.has(failureCode(error))) return
      await pause(pauseMs, signal)
    }
  }
}
