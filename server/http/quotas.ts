import type { OperationShape } from '../../contract/operation.ts'
import type { Caller } from './caller.ts'

/** So many requests at once, and as many again over the window. */
export interface Quota {
  /** How the headers call it. */
  readonly name: string
  readonly requests: number
  readonly windowSeconds: number
  /** Whom it counts: the client (account, guest's cookie, else address), or the address whoever comes from it. */
  readonly by: 'client' | 'address'
}

const browse: Quota = { name: 'browse', requests: 600, windowSeconds: 60, by: 'address' }
const browseSignedIn: Quota = { name: 'browse', requests: 600, windowSeconds: 60, by: 'client' }
const holds: Quota = { name: 'holds', requests: 120, windowSeconds: 60, by: 'client' }
const holdsByAddress: Quota = { name: 'holds-address', requests: 300, windowSeconds: 60, by: 'address' }
const sales: Quota = { name: 'sales', requests: 120, windowSeconds: 60, by: 'client' }
const salesByAddress: Quota = { name: 'sales-address', requests: 300, windowSeconds: 60, by: 'address' }
const lookUps: Quota = { name: 'look-ups', requests: 30, windowSeconds: 60, by: 'address' }
const checkIns: Quota = { name: 'check-ins', requests: 20, windowSeconds: 1, by: 'client' }
const changes: Quota = { name: 'changes', requests: 300, windowSeconds: 60, by: 'client' }
const prints: Quota = { name: 'prints', requests: 60, windowSeconds: 60, by: 'client' }

/** What is counted for a class of routes. */
export interface RouteClass {
  readonly quotas: readonly Quota[]
  /** Counted together by all servers, where they have a place for it; else each server counts for itself. */
  readonly together: boolean
}

const apart = (...quotas: readonly Quota[]): RouteClass => ({ quotas, together: false })
const together = (...quotas: readonly Quota[]): RouteClass => ({ quotas, together: true })

const none = apart()
const placing = together(holds, holdsByAddress)
const selling = together(sales, salesByAddress)
const asking = together(lookUps)
const printing = together(prints)
// The scanner at the door waits for nobody.
const scanning = apart(checkIns)

/** Operations whose class does not follow from method and tag. */
const byOperation: Readonly<Record<string, RouteClass>> = {
  placeHold: placing,
  extendHold: placing,
  releaseHold: placing,
  createBooking: selling,
  cancelBooking: together(sales),
  exchangeBooking: together(sales),
  createPayment: selling,
  confirmPayment: selling,
  lookUpBooking: asking,
  resendBooking: asking,
  checkIn: scanning,
  undoCheckIn: scanning,
  downloadTickets: printing,
  downloadReceipt: printing,
  downloadWalletPass: printing,
  listWallets: printing,
  // The provider's own servers, known by their signature.
  receiveWebhook: none,
  // A probe or a scraper that is told to wait is of no use.
  readHealth: none,
  readReadiness: none,
  readMetrics: none,
}

/** The class of an operation; sign-in, mails of accounts and guesses at codes have limits of their own, in the database. */
export function classOf(shape: OperationShape, caller: Caller): RouteClass {
  const own = byOperation[shape.id]
  if (own !== undefined) return own
  if (shape.path.startsWith('/auth/')) return none
  if (shape.method !== 'GET') return changing
  return caller.kind === 'guest' ? browsing : browsingSignedIn
}

// Reading waits for no other machine.
const browsing = apart(browse)
const browsingSignedIn = apart(browseSignedIn)
const changing = together(changes)
