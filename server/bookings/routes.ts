import type { Booking } from '../../contract/bookings.ts'
import * as contract from '../../contract/bookings.ts'
import { foldEmail } from '../accounts/model.ts'
import { limitOf, readCursor, toPage } from '../database/paging.ts'
import type { Page } from '../database/paging.ts'
import type { Transaction } from '../database/database.ts'
import type { BookingRow } from '../database/tables/money.ts'
import type { HoldLimits } from '../holds/place-hold.ts'
import { isOpenToAll, ownsHold, theatresOf, worksAt } from '../holds/policy.ts'
import { proofHeader } from '../holds/proof-of-work.ts'
import type { ProofOfWork } from '../holds/proof-of-work.ts'
import type { ShowtimeForSale } from '../holds/store.ts'
import { findAccount } from '../accounts/store.ts'
import { hasRole, signedIn } from '../http/caller.ts'
import type { AccountCaller } from '../http/caller.ts'
import type { Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isTimeProblem, parseTime } from '../platform/time.ts'
import { isAdmitted } from '../waiting-room/admission.ts'
import { findTheatre } from '../venues/store.ts'
import { cancelBooking } from './cancel-booking.ts'
import { judgeBookingInput } from './choose-tickets.ts'
import { createBooking } from './create-booking.ts'
import type { Buyer } from './create-booking.ts'
import { findBookingById, refunderOf } from './find-booking.ts'
import type { FindParts, FoundBooking } from './find-booking.ts'
import { bookingOrder, listBookings } from './list-bookings.ts'
import type { Guesses } from './guesses.ts'
import type { BookingFilter } from './list-bookings.ts'
import { presentBooking, withTokens } from './present.ts'
import { createPresenter } from './presenter.ts'
import type { PresenterParts } from './presenter.ts'
import { changeOrRehearse } from './rehearse.ts'
import type { BookingPresenter } from './present.ts'
import { findBookingIn, readWholeBooking, readWholeBookingIn, readWholeBookings } from './store.ts'

export interface BookingParts extends FindParts, PresenterParts {
  readonly limits: HoldLimits
  /** How long a booking waits for its payment. */
  readonly paymentSeconds: number
  readonly testPayments: boolean
  readonly guesses: Guesses
  readonly work: ProofOfWork
}

export function addBookingRoutes(routes: Routes, parts: BookingParts): void {
  addCreate(routes, parts)
  addReads(routes, parts)
  addCancel(routes, parts)
}

function addCreate(routes: Routes, parts: BookingParts): void {
  routes.add(contract.createBooking, {
    async handle(request) {
      const { body, commitAbout, now } = request
      const refused = judgeBookingInput(body)
      if (refused) return refused
      const showtime = await findShowtimeToBook(parts, request)
      if (isRefusal(showtime)) return showtime
      const buyer = await readBuyer(parts, request, showtime)
      const expiresAt = readExpiry(body.payBy, buyer, now, parts.paymentSeconds)
      if (isRefusal(expiresAt)) return expiresAt
      if (request.caller.kind === 'guest' && body.customer?.email === undefined) {
        return refuseField('/customer/email', 'is needed without an account')
      }
      const presenter = await createPresenter(parts)
      request.rememberGuest()
      const code = body.promoCode ?? body.voucherCode
      // A code is one thing more that it changes, and so is what seats without a hold are claimed by.
      const about = code === undefined ? (body.holdId ?? null) : null
      const book = async () =>
        await commitAbout(
          about,
          async (tx): Promise<Booking | Refusal> => {
            const whole = await createBooking(tx, { showtime, input: body, buyer, expiresAt, limits: parts.limits })
            if (isRefusal(whole)) return whole
            return presentBooking(presenter, whole, tx.nowMs, buyer.channel === 'counter')
          },
          (booking) => withTokens(parts.secrets, booking),
        )
      // The house may mistype as often as it likes.
      const isGuess = buyer.channel === 'web' && code !== undefined
      const guessed = async () => (isGuess ? await parts.guesses.code(request, book) : await book())
      // Whoever has a hold has done the work for it.
      if (body.holdId !== undefined || buyer.channel === 'counter') return await guessed()
      const attempt = {
        ...buyer,
        showtime,
        proof: request.headers[proofHeader],
        key: request.idempotency(),
        nowMs: now,
      }
      return await parts.work.pass(attempt, guessed)
    },
  })
}

type CreateRequest = Request<typeof contract.createBooking>

/** The showtime of the hold, which must be the caller's, or the one that is named, which it must be able to see. */
async function findShowtimeToBook(
  parts: BookingParts,
  request: CreateRequest,
): Promise<ShowtimeForSale | Refusal<'not_found'>> {
  const { body, caller, accessToken } = request
  const { store, secrets, database } = parts
  if (body.holdId !== undefined) {
    const hold = await store.findHold(body.holdId)
    if (!hold || !ownsHold(secrets, caller, accessToken, hold))
      return refuse('not_found', 'There is no such hold of yours.')
    return must(await store.findShowtime(hold.showtimeId), 'A hold has its showtime')
  }
  const showtime = await store.findShowtime(body.showtimeId ?? '')
  const visible = showtime && (isOpenToAll(showtime) || (await worksAt(database, caller, showtime)))
  return visible ? showtime : refuse('not_found', 'There is no such showtime.')
}

async function readBuyer(parts: BookingParts, request: CreateRequest, showtime: ShowtimeForSale): Promise<Buyer> {
  const { caller, client, address } = request
  const account = caller.kind === 'account' ? caller : null
  const house = await worksAt(parts.database, caller, showtime)
  const person = account && !house ? await readPerson(parts, account) : null
  return {
    client,
    address,
    userId: account?.userId ?? null,
    channel: house ? 'counter' : 'web',
    isAdmitted: isAdmitted(parts.secrets, showtime.id, request, request.now),
    name: person?.name ?? null,
    email: person?.email ?? null,
  }
}

async function readPerson(
  { database }: BookingParts,
  { userId }: AccountCaller,
): Promise<{ name: string; email: string } | null> {
  const query = database.read.selectFrom('users').select(['name', 'email']).where('id', '=', userId)
  return (await query.executeTakeFirst()) ?? null
}

/** Groups pay later: staff say by when. */
function readExpiry(
  payBy: string | undefined,
  buyer: Buyer,
  nowMs: number,
  paymentSeconds: number,
): number | Refusal<'validation_failed' | 'forbidden'> {
  if (payBy === undefined) return nowMs + paymentSeconds * 1000
  if (buyer.channel !== 'counter') return refuse('forbidden', 'A pay-by date is for the house to give.')
  const at = parseTime(payBy)
  if (isTimeProblem(at)) return refuseField('/payBy', at.problem)
  return at > nowMs ? at : refuseField('/payBy', 'must be in the future')
}

function addReads(routes: Routes, parts: BookingParts): void {
  routes.add(contract.listBookings, {
    async handle({ caller, query, now }) {
      const account = must(caller.kind === 'account' ? caller : null, 'The contract lets accounts alone in')
      const filter = await readListFilter(parts, account, query)
      return isRefusal(filter) ? filter : await answerPage(parts, filter, query, now, account)
    },
  })
  routes.add(contract.listUserBookings, {
    async find({ params, caller }) {
      const account = signedIn(caller)
      if (account.userId === params.id) return account
      const found = hasRole(account, 'admin') && (await findAccount(parts.database.read, params.id))
      return found ? account : refuse('not_found')
    },
    handle: async ({ params, query, now, subject }) =>
      await answerPage(
        parts,
        { userId: params.id, status: query.status, upcoming: query.upcoming },
        query,
        now,
        subject,
      ),
  })
  routes.add(contract.readBooking, {
    find: findBookingById(parts),
    handle: async ({ subject, now }) => await answerBooking(parts, subject, now),
  })
  routes.add(contract.lookUpBooking, {
    handle: async (request) =>
      await parts.guesses.lookUp(request, async () => {
        const { body, now } = request
        const booking = await parts.database.read
          .selectFrom('bookings')
          .selectAll()
          .where('reference', '=', body.reference.trim().toUpperCase())
          .where('customerEmailFolded', '=', foldEmail(body.email))
          .executeTakeFirst()
        if (!booking) return refuse('not_found', 'There is no booking with this reference and email.')
        return await answerOne(parts, booking, now, false)
      }),
  })
}

/** For the house, the bookings of its theatres; everybody else sees their own. */
async function readListFilter(
  { database }: BookingParts,
  caller: AccountCaller,
  query: Request<typeof contract.listBookings>['query'],
): Promise<BookingFilter | Refusal<'forbidden' | 'not_found'>> {
  const { theatreId, q, status, upcoming } = query
  if (theatreId === undefined && q === undefined) return { userId: caller.userId, status, upcoming }
  if (caller.role === 'customer') return refuse('forbidden', 'Only the house looks bookings up.')
  const theatreIds = await theatresOf(database, caller)
  if (theatreId !== undefined && !(await findTheatre(database.read, theatreId))) {
    return refuse('not_found', 'There is no such theatre.')
  }
  if (theatreId === undefined) return { theatreIds, status, upcoming, q }
  if (theatreIds && !theatreIds.includes(theatreId)) return refuse('forbidden')
  return { theatreIds: [theatreId], status, upcoming, q }
}

/** A page of bookings; `caller` null: all of them as the house sees them. */
export async function answerPage(
  parts: BookingParts,
  filter: BookingFilter,
  query: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
  nowMs: number,
  caller: AccountCaller | null,
): Promise<Page<Booking> | Refusal<'validation_failed'>> {
  const after = readCursor(bookingOrder, query.cursor)
  if (isRefusal(after)) return after
  const limit = limitOf(query)
  const rows = await listBookings(parts.database.read, filter, nowMs, after, limit + 1)
  const presenter = await createPresenter(parts)
  const wholes = await readWholeBookings(parts.database.read, rows.slice(0, limit))
  const presented = new Map(
    wholes.map((whole) => {
      const forHouse = whole.booking.userId !== caller?.userId
      return [whole.booking.id, withTokens(parts.secrets, presentBooking(presenter, whole, nowMs, forHouse))]
    }),
  )
  return toPage(
    bookingOrder,
    rows,
    limit,
    ({ createdAt, id }) => [createdAt, id],
    ({ id }) => must(presented.get(id), 'Every shown row was read whole'),
  )
}

function addCancel(routes: Routes, parts: BookingParts): void {
  routes.add(contract.cancelBooking, {
    find: findBookingById(parts),
    async handle({ subject, body, caller, commit }) {
      const cancellation = {
        bookingId: subject.booking.id,
        ticketIds: body.tickets ?? null,
        reason: body.reason ?? null,
        settings: subject.showtime.settings,
        showtime: subject.showtime,
        by: refunderOf(caller, subject),
        userId: caller.kind === 'account' ? caller.userId : null,
      }
      const cancel = async (tx: Transaction, shown: BookingPresenter): Promise<Booking | Refusal> => {
        const booking = await cancelBooking(tx, cancellation)
        if (isRefusal(booking)) return booking
        const fresh = must(await findBookingIn(tx, booking.id), 'It was there a moment ago')
        return presentBooking(shown, await readWholeBookingIn(tx, fresh), tx.nowMs, subject.house)
      }
      return await changeOrRehearse(parts, { isRehearsal: body.dryRun ?? false, commit, change: cancel })
    },
  })
}

async function answerBooking(parts: BookingParts, found: FoundBooking, nowMs: number): Promise<Booking> {
  return await answerOne(parts, found.booking, nowMs, found.house)
}

async function answerOne(parts: BookingParts, booking: BookingRow, nowMs: number, forHouse: boolean): Promise<Booking> {
  const presenter = await createPresenter(parts)
  const whole = await readWholeBooking(parts.database.read, booking)
  return withTokens(parts.secrets, presentBooking(presenter, whole, nowMs, forHouse))
}
