import { fitParty, partySize } from '../seat-map/choice.ts'
import { afresh, begin, dueOf, letGo, noDetails, typedAmount } from './sale.ts'
import type { Act, Details, Sale, Tender } from './sale.ts'

/** More than one person sells at once: the largest booking there is. */
const mostTickets = 200
const mostDigits = 7

/**
 * The next state of a sale for something that was done at the till. While the server is at work it is kept for
 * afterwards, so that nobody has to wait with the next key; going back undoes what waits.
 */
export function act(sale: Sale, done: Act): Sale {
  if (sale.work) return wait(sale, done)
  const quiet = sale.problem === null ? sale : { ...sale, problem: null }
  switch (done.type) {
    case 'digit':
      return typeDigit(quiet, done.digit)
    case 'erase':
      return sale.stage === 'choose'
        ? setTyped(quiet, String(quiet.counts[quiet.active] ?? 0).slice(0, -1))
        : { ...quiet, typed: quiet.typed.slice(0, -1) }
    case 'add':
      return setCount({ ...quiet, active: done.ticketType, typed: '' }, (quiet.counts[done.ticketType] ?? 0) + done.by)
    case 'activate':
      return quiet.stage === 'choose' ? { ...quiet, active: done.ticketType, typed: '' } : quiet
    case 'show':
      return quiet.stage === 'choose' ? { ...quiet, showtimeId: done.showtimeId, seats: null } : quiet
    case 'seats':
      return chooseSeats(quiet, done.seats, done.firstType)
    case 'details':
      return setDetails(quiet, done.details)
    case 'enter':
      return enter(quiet)
    case 'back':
      return back(quiet)
    case 'tender':
      return takeBy(quiet, done.tender)
    case 'note':
      return quiet.stage === 'cash' ? pay({ ...quiet, typed: String(done.amount) }) : quiet
    case 'card':
      return quiet.stage === 'card' ? pay(quiet, { terminalReference: done.terminalReference.trim() || null }) : quiet
    case 'voucher':
      return quiet.stage === 'voucher' && done.code.trim() !== ''
        ? pay(quiet, { voucherCode: done.code.trim() })
        : quiet
    case 'restore':
      return { ...afresh(abandonQuietly(quiet)), ...done.parked }
    case 'resume':
      return {
        ...afresh(abandonQuietly(quiet)),
        showtimeId: done.booking.showtimeId,
        booking: done.booking,
        stage: 'tender',
      }
    case 'new':
      return afresh(abandonQuietly(quiet))
    // Nothing is waited for.
    default:
      return quiet
  }
}

/** While money is taken nothing else counts: whoever presses on must see the change first. */
function wait(sale: Sale, done: Act): Sale {
  if (sale.work?.kind === 'pay' || sale.work?.kind === 'giveUp') return sale
  // What may have been claimed without our hearing of it lapses by itself.
  if (done.type === 'giveUpWaiting') return { ...letGo(sale), work: null, queue: [], stage: 'choose', typed: '' }
  return { ...sale, queue: done.type === 'back' ? [done] : [...sale.queue, done] }
}

function typeDigit(sale: Sale, digit: string): Sale {
  if (sale.stage === 'done' || sale.stage === 'reserved') return typeDigit(afresh(sale), digit)
  if (sale.stage === 'choose') return setTyped(sale, sale.typed + digit)
  if (sale.stage !== 'cash' && sale.stage !== 'card') return sale
  const typed = (sale.typed + digit).replace(/^0+/, '')
  return typed.length > mostDigits ? sale : { ...sale, typed }
}

/** Digits count the active ticket type. */
function setTyped(sale: Sale, typed: string): Sale {
  const count = Number(typed)
  return count > mostTickets ? sale : { ...setCount(sale, count), typed }
}

/** Another party may need other seats: those picked by hand stand only while they are as many. */
function setCount(sale: Sale, count: number): Sale {
  if (sale.stage !== 'choose') return sale
  const counts = { ...sale.counts, [sale.active]: Math.min(Math.max(0, count), mostTickets) }
  const seats = sale.seats?.length === partySize(counts) ? sale.seats : null
  return { ...sale, counts, seats }
}

function chooseSeats(sale: Sale, seats: readonly string[] | null, firstType: string): Sale {
  if (sale.stage !== 'choose') return sale
  if (seats === null || seats.length === 0) return { ...sale, seats: null, typed: '' }
  return { ...sale, seats, typed: '', counts: fitParty(sale.counts, seats.length, firstType) }
}

/** A promo code changes the price: what was held is booked at once, so that the price is the house's own. */
function setDetails(sale: Sale, details: Details): Sale {
  const next = { ...sale, details }
  const books = sale.stage === 'tender' && sale.booking === null && (details.promoCode !== '' || details.payBy !== '')
  return books ? begin(next, { kind: 'book' }) : next
}

function enter(sale: Sale): Sale {
  switch (sale.stage) {
    case 'choose': {
      const count = partySize(sale.counts)
      if (count === 0 || sale.showtimeId === null) return sale
      return begin({ ...sale, stage: 'tender', typed: '' }, { kind: 'hold', count, seats: sale.seats })
    }
    case 'tender':
      return takeBy(sale, 'cash')
    case 'cash':
    case 'card':
    case 'comp':
      return pay(sale)
    case 'voucher':
      return sale
    default:
      return afresh(sale)
  }
}

function takeBy(sale: Sale, tender: Tender): Sale {
  const isOpen = sale.stage === 'tender' || sale.stage in { cash: 0, card: 0, voucher: 0, comp: 0 }
  if (!isOpen || (sale.hold === null && sale.booking === null)) return sale
  const next: Sale = { ...sale, stage: tender, typed: '' }
  return sale.booking ? next : begin(next, { kind: 'book' })
}

interface With {
  readonly terminalReference?: string | null
  readonly voucherCode?: string | null
}

/** Takes the money of the stage; less than is due leaves the rest to another tender. */
function pay(sale: Sale, given: With = {}): Sale {
  const { stage, booking } = sale
  if (!booking || (stage !== 'cash' && stage !== 'card' && stage !== 'voucher' && stage !== 'comp')) return sale
  const due = dueOf(sale)
  const typed = typedAmount(sale)
  if (stage === 'card' && typed !== null && typed > due) return sale
  const taken = Math.min(typed ?? due, due)
  const { terminalReference = null, voucherCode = null } = given
  return begin(sale, {
    kind: 'pay',
    tender: stage,
    amount: stage === 'cash' || stage === 'card' ? taken : null,
    tendered: stage === 'cash' ? (typed ?? due) : null,
    terminalReference,
    voucherCode,
  })
}

/** One step back. Out of `tender` the seats are free again; money that was taken must be given back first. */
function back(sale: Sale): Sale {
  switch (sale.stage) {
    case 'choose':
      return { ...sale, counts: {}, typed: '', seats: null, details: noDetails }
    case 'tender':
      if (sale.booking && sale.booking.paid.amount > 0) return begin(sale, { kind: 'giveUp' })
      return { ...letGo(sale), stage: 'choose', typed: '' }
    case 'cash':
    case 'card':
    case 'voucher':
    case 'comp':
      return { ...sale, stage: 'tender', typed: '' }
    default:
      return afresh(sale)
  }
}

function abandonQuietly(sale: Sale): Sale {
  const isOver = sale.stage === 'done' || sale.stage === 'reserved'
  return isOver || (sale.booking && sale.booking.paid.amount > 0) ? sale : letGo(sale)
}
