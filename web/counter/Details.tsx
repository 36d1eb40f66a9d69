import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import { call } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { SelectField } from '../ui/form.tsx'
import { Failed } from '../ui/states.tsx'
import { customerOf } from './perform.ts'
import type { Details as SaleDetails, Sale } from './sale.ts'
import { useCounterWords } from './words/index.ts'

const hourMs = 3_600_000
/** Before the start. */
const payByHours = [1, 24, 72, 168] as const

interface DetailsProps {
  readonly sale: Sale
  readonly show: Listed
  readonly save: (details: SaleDetails) => void
  readonly saved: (booking: Booking) => void
  readonly close: () => void
}

/** For whom it is, a promo code, and by when a group pays. Once it is booked, only for whom. */
export function Details({ sale, show, save, saved, close }: DetailsProps) {
  const { t } = useCounterWords()
  const [details, setDetails] = useState(sale.details)
  const { booking } = sale
  const change = useMutation({
    mutationFn: (id: string) => call('patchBooking', { params: { id }, body: { customer: customerOf(details) } }),
    onSuccess: (changed) => {
      saved(changed)
      close()
    },
  })
  const set = (name: keyof SaleDetails) => (value: string) => setDetails((before) => ({ ...before, [name]: value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save(trimmed(details))
    if (booking) change.mutate(booking.id)
    else close()
  }
  const choices = usePayBy(show)
  return (
    <Dialog title={t('details')} close={close}>
      <form className="grid gap-4" onSubmit={submit}>
        <Field label={t('name')} autoComplete="off" maxLength={200} value={details.name} onChange={set('name')} />
        <Field
          label={t('email')}
          type="email"
          hint={t('email_hint')}
          autoComplete="off"
          value={details.email}
          onChange={set('email')}
        />
        <Field
          label={t('phone')}
          type="tel"
          autoComplete="off"
          maxLength={40}
          value={details.phone}
          onChange={set('phone')}
        />
        {!booking && (
          <>
            <Field
              label={t('promo_code')}
              autoComplete="off"
              spellCheck={false}
              maxLength={40}
              value={details.promoCode}
              onChange={set('promoCode')}
            />
            {choices.length > 0 && (
              <SelectField
                label={t('pay_by')}
                value={details.payBy}
                onChange={set('payBy')}
                options={[['', t('pay_now')], ...choices]}
              />
            )}
          </>
        )}
        <Failed of={change} />
        <button type="submit" className="button button-main justify-self-start" disabled={change.isPending}>
          {t('save')}
        </button>
      </form>
    </Dialog>
  )
}

/** By when a group may pay: some time before the start, as instants with their words. */
function usePayBy(show: Listed): (readonly [string, string])[] {
  const { clock, dayParts } = useCounterWords()
  const [now] = useState(() => Date.now())
  return payByHours.flatMap((hours) => {
    const at = Date.parse(show.startsAt) - hours * hourMs
    if (at <= now) return []
    const instant = new Date(at).toISOString()
    const local = new Intl.DateTimeFormat('en-CA', { timeZone: show.timeZone }).format(at)
    const { weekday, number, month } = dayParts(local)
    return [[instant, `${weekday} ${number} ${month}, ${clock(instant, show.timeZone)}`] as const]
  })
}

function trimmed({ name, email, phone, promoCode, payBy }: SaleDetails): SaleDetails {
  return { name: name.trim(), email: email.trim(), phone: phone.trim(), promoCode: promoCode.trim(), payBy }
}
