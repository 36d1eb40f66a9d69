import { useNow } from '../ui/now.ts'
import { partySize } from '../seat-map/choice.ts'
import { Pad } from './Pad.tsx'
import { changeFor, dueOf, typedAmount } from './sale.ts'
import type { Act, Sale, Tender } from './sale.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useCounterWords } from './words/index.ts'
import { inOrder } from '../seat-map/choice.ts'

interface ReceiptProps {
  readonly sale: Sale
  readonly show: Listed | null
  readonly currency: string
  /** Minor units; null where it is not known yet. */
  readonly total: number | null
  readonly nameOf: (type: string) => string
  readonly act: (done: Act) => void
  readonly isStalled: boolean
}

/** The till's display: what is sold, to whom, for how much; below it the keys that go on. */
export function Receipt(props: ReceiptProps) {
  const { sale, act } = props
  const { t } = useCounterWords()
  const hasPad = sale.stage === 'choose' || sale.stage === 'cash' || sale.stage === 'card'
  return (
    <section className="receipt" aria-label={t('sale')}>
      <div className="receipt-paper">
        <Sold {...props} />
      </div>
      {hasPad && <Pad act={act} isMoney={sale.stage !== 'choose'} />}
      <MainKeys {...props} />
    </section>
  )
}

function Sold({ sale, show, currency, total, nameOf }: ReceiptProps) {
  const { t, money, list } = useCounterWords()
  const { booking, hold, counts } = sale
  const lines = Object.entries(counts).filter(([, count]) => count > 0)
  const seats = (booking?.tickets.flatMap(({ seat }) => seat ?? []) ?? hold?.seats ?? sale.seats) || []
  const sum = (amount: number) => money({ amount, currency })
  return (
    <>
      {show && (
        <p className="receipt-show">
          <b className="marquee">{show.localStartsAt.slice(11, 16)}</b>
          <span>
            {show.movie.title}
            <span className="block text-sm text-soft">{show.auditorium?.name}</span>
          </span>
        </p>
      )}
      <ul className="receipt-lines">
        {booking
          ? ticketLines(booking.tickets.map(({ ticketType }) => ticketType)).map(([type, count]) => (
              <li key={type}>
                <b>{count}</b> {nameOf(type)}
              </li>
            ))
          : lines.map(([type, count]) => (
              <li key={type}>
                <b>{count}</b> {nameOf(type)}
              </li>
            ))}
      </ul>
      {seats.length > 0 && <p className="receipt-seats">{list(inOrder(seats))}</p>}
      <p className="receipt-total" data-estimate={!booking}>
        <span className="label">
          {booking && booking.paid.amount > 0 && sale.stage !== 'done' ? t('still_due') : t('total')}
        </span>
        <b className="marquee">{total === null ? '–' : sum(total)}</b>
      </p>
      {booking && booking.discount.amount > 0 && (
        <p className="receipt-note">
          {t('discount_of', { sum: money(booking.discount), code: booking.promoCode ?? '' })}
        </p>
      )}
      {booking && booking.paid.amount > 0 && sale.stage !== 'done' && (
        <p className="receipt-note">{t('paid_so_far', { sum: money(booking.paid) })}</p>
      )}
      <Kept sale={sale} />
    </>
  )
}

function ticketLines(types: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts]
}

/** How long the seats are kept. */
function Kept({ sale }: { readonly sale: Sale }) {
  const { t } = useCounterWords()
  const now = useNow(1000)
  const { stage, work, hold, booking } = sale
  if (work?.kind === 'hold') return <p className="receipt-note animate-pulse">{t('finding_seats')}</p>
  const until = (booking ?? hold)?.expiresAt
  if (!until || stage === 'done' || stage === 'reserved' || stage === 'choose') return null
  const left = Math.max(0, Date.parse(until) - now)
  const clock = `${Math.floor(left / 60_000)}:${String(Math.floor((left % 60_000) / 1000)).padStart(2, '0')}`
  return (
    <p className="receipt-note" data-late={left < 60_000}>
      {t('kept_for', { time: clock })}
    </p>
  )
}

/** The one key that goes on, as Enter does; while it is asked how to pay, one for each way. */
function MainKeys({ sale, currency, total, act, isStalled }: ReceiptProps) {
  const { t, money } = useCounterWords()
  const { stage, work } = sale
  const sum = (amount: number) => money({ amount, currency })
  const enter = () => act({ type: 'enter' })
  if (isStalled && (work?.kind === 'hold' || work?.kind === 'book')) {
    return (
      <button type="button" className="main-key" onClick={() => act({ type: 'giveUpWaiting' })}>
        {t('stop_waiting')}
      </button>
    )
  }
  if (stage === 'tender')
    return <TenderKeys act={act} due={sum(total ?? 0)} isBooked={sale.booking !== null} sale={sale} />
  if (stage === 'voucher') return null
  const amount = typedAmount(sale)
  const labels: Readonly<Record<Exclude<typeof stage, 'tender' | 'voucher'>, string>> = {
    choose: sale.seats === null ? t('take_best_seats') : t('take_these_seats'),
    cash:
      amount === null
        ? t('exact', { sum: sum(dueOf(sale)) })
        : changeFor(sale) >= 0
          ? t('take', { sum: sum(amount) })
          : t('take_part', { sum: sum(amount) }),
    card: t('approved', { sum: sum(amount ?? dueOf(sale)) }),
    comp: t('give_free'),
    reserved: t('next_sale'),
    done: t('next_sale'),
  }
  const isIdle = (stage === 'choose' && partySize(sale.counts) === 0) || (work !== null && stage !== 'cash')
  return (
    <button
      type="button"
      className="main-key"
      disabled={isIdle || (stage === 'card' && amount !== null && amount > dueOf(sale))}
      onClick={enter}
    >
      {labels[stage]} <kbd aria-hidden="true">⏎</kbd>
    </button>
  )
}

const others: readonly (readonly [Exclude<Tender, 'cash'>, string])[] = [
  ['card', 'K'],
  ['voucher', 'V'],
  ['comp', 'X'],
]

interface TenderKeysProps {
  readonly act: (done: Act) => void
  readonly due: string
  readonly isBooked: boolean
  readonly sale: Sale
}

function TenderKeys({ act, due, sale }: TenderKeysProps) {
  const { t } = useCounterWords()
  // What was booked by several tenders cannot become free of charge.
  const isOpen = sale.hold !== null || sale.booking !== null
  return (
    <fieldset className="tender-keys" aria-label={t('how_paid')}>
      <button
        type="button"
        className="main-key"
        aria-disabled={!isOpen}
        onClick={() => act({ type: 'tender', tender: 'cash' })}
      >
        {t('tender_cash')} <span className="font-normal">{due}</span> <kbd aria-hidden="true">⏎</kbd>
      </button>
      {others.map(([tender, key]) => (
        <button key={tender} type="button" className="tender-key" onClick={() => act({ type: 'tender', tender })}>
          {t(`tender_${tender}`)} <kbd aria-hidden="true">{key}</kbd>
        </button>
      ))}
    </fieldset>
  )
}
