import type { HoldInput } from '../../contract/holds.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import type { IdempotencyRequest, KeyRefusal, Replay } from '../http/idempotency.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { bestSeats } from './choose-seats.ts'
import type { SeatRules } from './choose-seats.ts'
import { changedSince } from './ledger.ts'
import type { PlaceHoldCommand, SeatLedger, Wish } from './ledger.ts'
import type { Channel } from './model.ts'
import type { OfferOthers } from './offer-others.ts'
import { generalCategory, quoteHold } from './present.ts'
import { seatPlanOf } from './seat-plan.ts'
import { companionNeedsWheelchair, leavesSingleGap, splitsSofa } from './seat-rules.ts'
import type { ShowtimeForSale } from './store.ts'

export interface HoldLimits {
  readonly holdSeconds: number
  /** Per hold, on the web. */
  readonly maxSeatsPerHold: number
  /** Open holds and unpaid bookings of one client; 0 is no limit. */
  readonly maxHoldsPerClient: number
}

export interface HoldMaker {
  readonly client: string
  readonly address: string
  readonly userId: string | null
  readonly channel: Channel
  /** Whether the showtime's waiting room has let them in. */
  readonly isAdmitted: boolean
}

/** Seats that one address may hold at once through guests with cookies. Source: API.md, Roles. */
const placesPerAddress = 40
const extensionsPerHold = 1
const lookAgain = 3

type EdgeRefusal = Refusal<
  'admission_required' | 'validation_failed' | 'unknown_seats' | 'companion_needs_wheelchair' | 'ticket_type_not_sold'
>

export interface HoldDependencies {
  readonly ledger: SeatLedger
  readonly offerOthers: OfferOthers
  readonly limits: HoldLimits
}

/** Where a showtime is looked up, and what is known of it from the last time. */
export interface Lookup {
  /** May be out of date: the ledger compares it with the showtime as it is. */
  readonly known: ShowtimeForSale
  again(): Promise<ShowtimeForSale | Refusal<'not_found'>>
}

/**
 * Claims all the seats or none, until now + `holdSeconds`. Refuses `seats_unavailable` with the seats that are gone and up to
 * three suggestions, and everything else that the contract names. A replay is the row that was made first.
 */
export async function placeHold(
  { ledger, offerOthers, limits }: HoldDependencies,
  lookup: Lookup,
  input: HoldInput,
  maker: HoldMaker,
  nowMs: number,
  key: IdempotencyRequest | null,
): Promise<HoldRow | Replay<HoldRow> | KeyRefusal | Refusal> {
  let current = lookup.known
  for (let attempt = 0; attempt < lookAgain; attempt += 1) {
    const command = prepareHold(current, input, maker, limits, nowMs, key)
    const isFirst = attempt === 0
    // A first no may rest on what is out of date.
    const outcome = isRefusal(command) ? (isFirst ? changedSince : command) : await ledger.place(command)
    if (outcome !== changedSince) {
      if (!isRefusal(outcome) || outcome.code !== 'seats_unavailable') return outcome
      const suggestions = await offerOthers(current, input.seats ?? [], seatRulesOf(current), nowMs)
      return refuse('seats_unavailable', outcome.detail, { extra: { ...outcome.extra, suggestions } })
    }
    const found = await lookup.again()
    if (isRefusal(found)) return found
    current = found
  }
  return refuse('busy', 'The showtime is being changed. Try again in a moment.', { retryAfterSeconds: 1 })
}

/** The command for the ledger, or what can be refused without looking at anybody else's claims. */
export function prepareHold(
  showtime: ShowtimeForSale,
  input: HoldInput,
  maker: HoldMaker,
  limits: HoldLimits,
  nowMs: number,
  key: IdempotencyRequest | null,
): PlaceHoldCommand | EdgeRefusal {
  if (showtime.waitingRooms > 0 && maker.channel === 'web' && !maker.isAdmitted) return refuse('admission_required')
  const wish = readWish(showtime, input, maker.channel === 'counter' ? null : limits.maxSeatsPerHold, nowMs)
  if (isRefusal(wish)) return wish
  const unpriced = judgePrices(showtime, wish)
  if (unpriced) return unpriced
  const rules = seatRulesOf(showtime)
  const web = maker.channel === 'web'
  return {
    kind: 'place',
    showtimeId: showtime.id,
    auditoriumId: showtime.auditoriumId,
    layoutVersion: showtime.layoutVersion,
    revision: showtime.revision,
    theatreRevision: showtime.theatreRevision,
    wish,
    ...(needsJudge(showtime, rules) && {
      judge: (taken: ReadonlySet<string>, seatIds: readonly string[]) => judgeSeats(showtime, rules, taken, seatIds),
    }),
    hold: {
      id: newId('hold', nowMs),
      terms: showtime.termsText,
      client: maker.client,
      address: maker.address,
      userId: maker.userId,
      channel: maker.channel,
      extensionsLeft: extensionsPerHold,
    },
    holdMs: limits.holdSeconds * 1000,
    limits: web ? { holdsPerClient: limits.maxHoldsPerClient, placesPerAddress } : null,
    key,
  }
}

function readWish(
  showtime: ShowtimeForSale,
  input: HoldInput,
  maxSeats: number | null,
  nowMs: number,
): Wish | Refusal<'validation_failed' | 'unknown_seats' | 'companion_needs_wheelchair'> {
  const { seats, best, count } = input
  if ([seats, best, count].filter((wish) => wish !== undefined).length !== 1) {
    return refuseField('', 'needs exactly one of seats, best and count')
  }
  if (showtime.layout.seating === 'general') {
    if (count === undefined) return refuseField(seats ? '/seats' : '/best', 'is for reserved seating; give a count')
    return tooMany(count, maxSeats, '/count') ?? { kind: 'places', count }
  }
  if (count !== undefined) return refuseField('/count', 'is for general admission; give seats or best')
  if (best !== undefined) {
    const choose = (taken: ReadonlySet<string>) => bestSeats(showtime.layout, taken, best, seatRulesOf(showtime))
    return tooMany(best.count, maxSeats, '/best/count') ?? { kind: 'best', count: best.count, choose }
  }
  return readSeats(showtime, seats ?? [], maxSeats, nowMs)
}

function readSeats(
  showtime: ShowtimeForSale,
  seats: readonly string[],
  maxSeats: number | null,
  nowMs: number,
): Wish | Refusal<'validation_failed' | 'unknown_seats' | 'companion_needs_wheelchair'> {
  const doubled = seats.findIndex((seat, index) => seats.indexOf(seat) !== index)
  if (doubled >= 0) return refuseField(`/seats/${doubled}`, 'is named twice')
  const unknown = unknownSeats(showtime, seats)
  if (unknown) return unknown
  const refused = tooMany(seats.length, maxSeats, '/seats')
  if (refused) return refused
  if (!accessibleSeatsReleased(showtime, nowMs) && companionNeedsWheelchair(showtime.layout, seats)) {
    return refuse('companion_needs_wheelchair')
  }
  return { kind: 'seats', seatIds: seats }
}

/** Whether the theatre's time has come at which companion seats are for everybody; 0 minutes is never. */
function accessibleSeatsReleased({ settings, startsAt }: ShowtimeForSale, nowMs: number): boolean {
  const { accessibleReleaseMinutes } = settings
  return accessibleReleaseMinutes > 0 && nowMs >= startsAt - accessibleReleaseMinutes * 60_000
}

/** Refuses seats that the showtime's layout does not have. */
export function unknownSeats(
  showtime: Pick<ShowtimeForSale, 'layout'>,
  seats: readonly string[],
): Refusal<'unknown_seats'> | null {
  const { byId } = seatPlanOf(showtime.layout)
  const unknown = seats.filter((seat) => !byId.has(seat))
  if (unknown.length === 0) return null
  return refuse('unknown_seats', 'Some of these seats do not exist in this showtime.', { extra: { seats: unknown } })
}

function tooMany(count: number, maximum: number | null, path: string): Refusal<'validation_failed'> | null {
  if (maximum === null || count <= maximum) return null
  return refuseField(path, `must be at most ${maximum} seats`)
}

function judgePrices(showtime: ShowtimeForSale, wish: Wish): Refusal<'ticket_type_not_sold'> | null {
  if (wish.kind === 'best') return null
  const { byId } = seatPlanOf(showtime.layout)
  const sold = ({ category }: { readonly category: string }) =>
    showtime.terms.prices.some((row) => row.category === category)
  const seats = wish.kind === 'seats' ? wish.seatIds : []
  const places = seats.length === 0 ? [{ category: generalCategory }] : seats.flatMap((seat) => byId.get(seat) ?? [])
  if (places.every(sold)) return null
  const quote = quoteHold({ seats: JSON.stringify(seats), count: 1 }, showtime.layout, showtime.terms)
  return isRefusal(quote) ? quote : null
}

export function seatRulesOf({ settings }: Pick<ShowtimeForSale, 'settings'>): SeatRules {
  return { singleGapRule: settings.singleGapRule, sellSofasWhole: settings.sellSofasWhole }
}

function needsJudge(showtime: ShowtimeForSale, rules: SeatRules): boolean {
  return rules.singleGapRule === true || (rules.sellSofasWhole === true && seatPlanOf(showtime.layout).units.size > 0)
}

function judgeSeats(
  showtime: ShowtimeForSale,
  rules: SeatRules,
  taken: ReadonlySet<string>,
  seatIds: readonly string[],
): Refusal | null {
  if (rules.sellSofasWhole && splitsSofa(showtime.layout, taken, seatIds)) return refuse('splits_sofa')
  if (rules.singleGapRule && leavesSingleGap(showtime.layout, taken, seatIds)) return refuse('leaves_single_gap')
  return null
}
