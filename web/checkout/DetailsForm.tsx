import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { Hold } from '../../contract/holds.ts'
import { call, isRefused, keyFor } from '../api.ts'
import { fullPrice } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import { bySeat } from '../seat-map/choice.ts'
import { keepBookingOf } from '../seat-map/kept-choice.ts'
import { typesSold } from '../seat-map/use-sale.ts'
import { useMe } from '../session.ts'
import { Field } from '../ui/Field.tsx'
import { navigate, Link } from '../ui/router.tsx'
import { keepToken, readStored, tokenOf, writeStored } from '../ui/stored.ts'
import { Refused } from '../ui/states.tsx'
import { beginPayment, goTo } from './payment.ts'
import { brokenRules, soldOnWeb } from './ticket-rules.ts'
import type { BrokenRule } from './ticket-rules.ts'
import { useTicketTypes } from './use-ticket-types.ts'
import { Sum } from './Sum.tsx'

interface Customer {
  readonly name: string
  readonly email: string
}

/** Makes the booking and begins to pay it; answers where to go on. */
function useBuy(hold: Hold, types: readonly string[], guest: Customer | null, promoCode: string, total: number) {
  const { locale } = useWords()
  return useMutation({
    mutationFn: async () => {
      const [name, email, code] = [guest?.name.trim(), guest?.email.trim(), promoCode.trim()]
      const body = {
        holdId: hold.id,
        tickets: hold.quote.lines.map(({ seat }, index) => ({
          ...(seat !== null && { seat }),
          ticketType: types[index] ?? 'adult',
        })),
        customer: { ...(name && { name }), ...(email && { email }), locale },
        ...(code !== '' && { promoCode: code }),
      }
      const key = keyFor(`book ${hold.id}`, body)
      const booking = await call('createBooking', { body, accessToken: tokenOf(hold.id), idempotencyKey: key })
      keepToken(booking.id, booking.accessToken)
      writeStored(`hold-of.${booking.id}`, hold.id)
      keepBookingOf(hold.id, booking.id)
      if (booking.status === 'confirmed') return `/bookings/${booking.id}`
      // Nobody is sent to pay another sum than the one that stood beside the button.
      if (booking.total.amount !== total) return `/checkout/${hold.id}?total=changed`
      return await beginPayment(booking)
    },
    onSuccess: goTo,
  })
}

/** Which tickets, whose name, which code; and the total that will be charged. */
export function DetailsForm({ hold, showtime }: { readonly hold: Hold; readonly showtime: Listed }) {
  const { t, money } = useWords()
  const { me } = useMe()
  const lines = hold.quote.lines
  const [types, setTypes] = useState(() => {
    const kept = readStored<readonly string[]>(`types.${hold.id}`, [])
    return lines.map((line, index) => kept[index] ?? line.ticketType)
  })
  const [customer, setCustomer] = useState(() => readStored<Customer>('customer', { name: '', email: '' }))
  const [promoCode, setPromoCode] = useState('')
  const amounts = lines.map(({ category }, index) => fullPrice(showtime, category, types[index] ?? ''))
  const total = amounts.reduce((sum: number, amount) => sum + (amount ?? 0), 0)
  const broken = brokenRules(types, useTicketTypes(showtime.theatreId))
  const buy = useBuy(hold, types, me ? null : customer, promoCode, total)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!me) writeStored('customer', customer)
    if (!buy.isPending && broken.length === 0) buy.mutate()
  }
  return (
    <form onSubmit={submit} className="grid content-start gap-8">
      <h1 className="marquee text-5xl sm:text-6xl">{t('checkout')}</h1>
      <div className="grid gap-3">
        <TicketTypes hold={hold} showtime={showtime} types={types} change={setTypes} />
        <Rules broken={broken} />
      </div>
      {me ? (
        <p>{t('booking_as', { name: me.name, email: me.email })}</p>
      ) : (
        <GuestFields customer={customer} change={setCustomer} />
      )}
      <div className="max-w-72">
        <Field label={t('promo_code')} maxLength={40} autoComplete="off" value={promoCode} onChange={setPromoCode} />
      </div>
      <Sum
        total={money({ amount: total, currency: showtime.theatre.currency })}
        note={t('all_in')}
        until={hold.expiresAt}
        timeZone={showtime.timeZone}
        refusal={buy.error && <BuyRefused error={buy.error} showtimeId={hold.showtimeId} retry={() => buy.mutate()} />}
      >
        <button
          type="submit"
          className="button button-main min-w-36 text-lg lg:min-w-56"
          disabled={buy.isPending || broken.length > 0}
        >
          {buy.isPending ? t('one_moment') : t('pay')}
        </button>
      </Sum>
    </form>
  )
}

function GuestFields({ customer, change }: { readonly customer: Customer; readonly change: (to: Customer) => void }) {
  const { t } = useWords()
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-3 text-xl font-bold">{t('your_details')}</legend>
      <Field
        label={t('email')}
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        hint={t('email_hint')}
        value={customer.email}
        onChange={(email) => change({ ...customer, email })}
      />
      <Field
        label={t('name')}
        autoComplete="name"
        maxLength={200}
        value={customer.name}
        onChange={(name) => change({ ...customer, name })}
      />
      <p className="text-sm text-soft sm:col-span-2">
        {t('have_account')}{' '}
        <Link href={`/account?next=${encodeURIComponent(location.pathname)}`} className="quiet-link">
          {t('sign_in')}
        </Link>
      </p>
    </fieldset>
  )
}

function BuyRefused({
  error,
  showtimeId,
  retry,
}: {
  readonly error: Error
  readonly showtimeId: string
  readonly retry: () => void
}) {
  const seatsAreGone = isRefused(error, 'hold_expired', 'seats_unavailable')
  const chooseAgain = () => navigate(`/showtimes/${showtimeId}`)
  return <Refused error={error} act={seatsAreGone ? chooseAgain : undefined} retry={retry} />
}

/** What must change before this can be bought; said before anybody is refused. */
function Rules({ broken }: { readonly broken: readonly BrokenRule[] }) {
  const { t, tOr } = useWords()
  const sentence = ({ type, name, rule }: BrokenRule) => {
    const named = tOr(`type_${type}`, name)
    return 'most' in rule
      ? t('rule_most', { type: named, count: rule.most })
      : t('rule_beside', { type: named, ratio: rule.ratio, other: tOr(`type_${rule.beside}`, rule.beside) })
  }
  return (
    <output className="grid gap-2">
      {broken.map((each) => (
        <span key={each.type} className="border-s-4 border-warn ps-3 font-semibold">
          {sentence(each)}
        </span>
      ))}
    </output>
  )
}

interface TicketTypesProps {
  readonly hold: Hold
  readonly showtime: Listed
  readonly types: readonly string[]
  readonly change: (types: string[]) => void
}

/** A ticket type for each seat, with what it costs. */
function TicketTypes({ hold, showtime, types, change }: TicketTypesProps) {
  const { t, tOr, money } = useWords()
  const { currency } = showtime.theatre
  const kinds = useTicketTypes(showtime.theatreId)
  // As people read them; the types are in the order of the hold.
  const lines = hold.quote.lines.map((line, index) => ({ ...line, index }))
  const nameOf = (type: string) => tOr(`type_${type}`, kinds.find(({ key }) => key === type)?.name ?? type)
  return (
    <fieldset>
      <legend className="mb-2 text-xl font-bold">{t('your_tickets')}</legend>
      <ul>
        {lines.toSorted(bySeat).map(({ seat, category, index }) => {
          const place = seat ?? t('ticket_number', { number: index + 1 })
          const sold = soldOnWeb(typesSold(showtime), kinds).filter(
            (type) => fullPrice(showtime, category, type) !== undefined,
          )
          const amount = fullPrice(showtime, category, types[index] ?? '')
          return (
            <li key={seat ?? index} className="flex items-center gap-3 border-t border-line py-3 last:border-b">
              <span className="w-20 leading-tight">
                <b className="block text-lg">{place}</b>
                <span className="text-sm text-soft">{tOr(`category_${category}`, category)}</span>
              </span>
              <select
                className="field flex-1"
                aria-label={t('ticket_type_of', { place })}
                value={types[index]}
                onChange={(event) => change(types.map((type, at) => (at === index ? event.target.value : type)))}
              >
                {sold.map((type) => (
                  <option key={type} value={type}>
                    {nameOf(type)}
                  </option>
                ))}
              </select>
              <span className="w-20 text-end font-semibold">{amount !== undefined && money({ amount, currency })}</span>
            </li>
          )
        })}
      </ul>
    </fieldset>
  )
}
