import type { Hold } from '../../contract/holds.ts'
import * as contract from '../../contract/holds.ts'
import type { Database } from '../database/database.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import { Answer, Bytes } from '../http/answer.ts'
import { hasAnswer, Replay } from '../http/idempotency.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { isTimeProblem, parseTime } from '../platform/time.ts'
import { isAdmitted } from '../waiting-room/admission.ts'
import { blockSeats, unblockSeats } from './block-seats.ts'
import { bestSeats } from './choose-seats.ts'
import type { SeatLedger } from './ledger.ts'
import type { LiveSeats } from './live-seats.ts'
import { isLive } from './model.ts'
import type { Channel } from './model.ts'
import { offerOthers } from './offer-others.ts'
import { placeHold, seatRulesOf } from './place-hold.ts'
import type { HoldLimits } from './place-hold.ts'
import { holdToken, isOpenToAll, ownsHold, worksAt } from './policy.ts'
import { presentHold } from './present.ts'
import { proofHeader } from './proof-of-work.ts'
import type { ProofOfWork } from './proof-of-work.ts'
import type { PreparedDocument, SeatMaps } from './seat-map.ts'
import type { HoldStore, ShowtimeForSale } from './store.ts'

export interface HoldParts {
  readonly database: Database
  readonly secrets: Secrets
  readonly ledger: SeatLedger
  readonly store: HoldStore
  readonly seatMaps: SeatMaps
  readonly live: LiveSeats
  readonly limits: HoldLimits
  readonly work: ProofOfWork
}

type AtId = Pick<Approach, 'caller' | 'accessToken'> & { readonly params: { readonly id: string } }

interface ShowtimeSubject {
  readonly showtime: ShowtimeForSale
  /** Whether the caller works in its theatre. */
  readonly house: boolean
}

export function addHoldRoutes(routes: Routes, parts: HoldParts): void {
  addSeatReads(routes, parts)
  addHolds(routes, parts)
  addBlocks(routes, parts)
}

function addSeatReads(routes: Routes, parts: HoldParts): void {
  const { seatMaps, store } = parts
  const find = findShowtime(parts)
  routes.add(contract.readSeatMap, {
    find,
    handle: async ({ subject, now }) => prepared(await seatMaps.map(subject.showtime, now)),
  })
  routes.add(contract.readAvailability, {
    find,
    handle: async ({ subject, now }) => prepared(await seatMaps.availability(subject.showtime, now)),
  })
  routes.addRaw(contract.watchSeats, {
    find,
    async handle({ subject, headers, address }, reply) {
      if (parts.live.listeners.isFullFor(address)) return refuse('overloaded', undefined, { retryAfterSeconds: 10 })
      const lastEventId = headers['last-event-id']
      void reply.hijack()
      // Nothing follows a stream on its connection, which so ends with it.
      reply.raw.shouldKeepAlive = false
      // So its end needs no sign of its own, and every reader can be sent the same bytes.
      reply.raw.useChunkedEncodingByDefault = false
      reply.raw.writeHead(200, {
        ...plainHeaders(reply.getHeaders()),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      if (reply.request.method === 'HEAD') {
        reply.raw.end()
        return undefined
      }
      try {
        await parts.live.add(subject.showtime.id, reply.raw, {
          address,
          lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
        })
      } catch (error) {
        // Its headers are sent: all that can be said is that it has ended, so that the reader comes again.
        reply.raw.destroy()
        throw error
      }
      return undefined
    },
  })
  routes.add(contract.readBestSeats, {
    find,
    async handle({ subject: { showtime }, query, now }) {
      const claims = await store.claims(showtime.id)
      const taken = new Set(claims.filter((claim) => isLive(claim, now)).map(({ seatId }) => seatId))
      const seats = bestSeats(showtime.layout, taken, query, seatRulesOf(showtime))
      return seats ? { seats } : refuse('sold_out', 'There are not that many seats left.')
    },
  })
}

function addHolds(routes: Routes, parts: HoldParts): void {
  const { ledger, limits, store } = parts
  const dependencies = { ledger, limits, offerOthers: offerOthers(store) }
  const find = findShowtime(parts)
  routes.add(contract.placeHold, {
    find: (approach) => knownShowtime(parts, approach) ?? find(approach),
    async handle(request) {
      const { caller, subject, body, now } = request
      const lookup = {
        known: subject.showtime,
        async again() {
          const found = await find(request)
          return isRefusal(found) ? found : found.showtime
        },
      }
      const channel: Channel = subject.house ? 'counter' : 'web'
      const key = request.idempotency()
      const isReplay = async () =>
        subject.showtime.waitingRooms > 0 && key !== null && (await hasAnswer(parts.database, key, now))
      const maker = {
        client: request.client,
        address: request.address,
        userId: caller.kind === 'account' ? caller.userId : null,
        channel,
        // Who asks again with its key is told the same, although its admission has ended since.
        isAdmitted: isAdmitted(parts.secrets, subject.showtime.id, request, now) || (await isReplay()),
      }
      const place = async () => await placeHold(dependencies, lookup, body, maker, now, key)
      const attempt = { ...maker, showtime: subject.showtime, proof: request.headers[proofHeader], key, nowMs: now }
      // The counter is nobody's attacker.
      const hold = subject.house ? await place() : await parts.work.pass(attempt, place)
      if (!isRefusal(hold)) request.rememberGuest()
      return await answerHold(parts, hold)
    },
  })
  routes.add(contract.readHold, {
    find: findHold(parts),
    async handle({ subject, now }) {
      if (subject.status === 'released') return refuse('not_found', 'The hold was released.')
      if (subject.status === 'live' && !isLive(subject, now)) return refuse('hold_expired')
      return await answerHold(parts, subject)
    },
  })
  routes.add(contract.releaseHold, {
    find: findHold(parts),
    async handle({ subject }) {
      const released = await ledger.release({ kind: 'release', showtimeId: subject.showtimeId, holdId: subject.id })
      return isRefusal(released) ? released : undefined
    },
  })
  routes.add(contract.extendHold, {
    find: findHold(parts),
    async handle({ subject, idempotency }) {
      const extended = await ledger.extend({
        kind: 'extend',
        showtimeId: subject.showtimeId,
        holdId: subject.id,
        holdMs: limits.holdSeconds * 1000,
        key: idempotency(),
      })
      return await answerHold(parts, extended)
    },
  })
}

function addBlocks(routes: Routes, parts: HoldParts): void {
  const find = findHouseShowtime(parts)
  routes.add(contract.blockSeats, {
    find,
    async handle({ subject, body, commit, now }) {
      const releaseAt = readReleaseAt(body.releaseAt, now)
      if (isRefusal(releaseAt)) return releaseAt
      return await commit((tx) => blockSeats(tx, subject, body.seats, releaseAt))
    },
  })
  routes.add(contract.unblockSeats, {
    find,
    handle: async ({ subject, body, commit }) => await commit((tx) => unblockSeats(tx, subject, body.seats)),
  })
}

function readReleaseAt(text: string | undefined, nowMs: number): number | null | Refusal<'validation_failed'> {
  if (text === undefined) return null
  const at = parseTime(text)
  if (isTimeProblem(at)) return refuseField('/releaseAt', at.problem)
  return at > nowMs ? at : refuseField('/releaseAt', 'must be in the future')
}

/** A showtime that the caller may see; drafts and private ones only the house sees. */
function findShowtime({ store, database }: HoldParts) {
  return async ({ params, caller }: AtId): Promise<ShowtimeSubject | Refusal<'not_found'>> => {
    const showtime = await store.findShowtime(params.id)
    if (!showtime) return refuse('not_found')
    const house = await worksAt(database, caller, showtime)
    return house || isOpenToAll(showtime) ? { showtime, house } : refuse('not_found')
  }
}

/**
 * The showtime as it was when it was last read, for the audience alone and where the transaction will compare: then the
 * hot path needs no query of its own.
 */
function knownShowtime({ store }: HoldParts, { params, caller }: AtId): ShowtimeSubject | null {
  if (caller.kind === 'account' && caller.role !== 'customer') return null
  const showtime = store.knownShowtime(params.id)
  return showtime && isOpenToAll(showtime) ? { showtime, house: false } : null
}

function findHouseShowtime({ store, database }: HoldParts) {
  return async ({ params, caller }: AtId): Promise<ShowtimeForSale | Refusal> => {
    const showtime = await store.findShowtime(params.id)
    if (!showtime) return refuse('not_found')
    if (await worksAt(database, caller, showtime)) return showtime
    return isOpenToAll(showtime) ? refuse('forbidden') : refuse('not_found')
  }
}

/** A hold of the caller's; anybody else's is not there. */
function findHold({ store, secrets }: HoldParts) {
  return async ({ params, caller, accessToken }: AtId): Promise<HoldRow | Refusal<'not_found'>> => {
    const hold = await store.findHold(params.id)
    return hold && ownsHold(secrets, caller, accessToken, hold) ? hold : refuse('not_found')
  }
}

/** A hold as its owner sees it, with its token; of a replay, the first answer again. */
async function answerHold(
  { store, secrets }: HoldParts,
  outcome: HoldRow | Replay<HoldRow> | Refusal,
): Promise<Hold | Answer<Hold> | Refusal> {
  if (isRefusal(outcome)) return outcome
  const row = outcome instanceof Replay ? outcome.body : outcome
  // The layout of then: the showtime may have moved to another hall since.
  const layout = await store.layout(row.auditoriumId, row.layoutVersion)
  const hold = presentHold(row, layout, holdToken(secrets, row.id))
  return outcome instanceof Replay ? new Answer(hold, { 'idempotency-replayed': 'true' }) : hold
}

function plainHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

function prepared({ bytes, etag }: PreparedDocument): Bytes {
  return new Bytes(bytes, { 'content-type': 'application/json; charset=utf-8', etag, 'cache-control': 'no-cache' })
}
