import { useEffect, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { Field } from '../ui/Field.tsx'
import { inCash, quickNotes } from './money.ts'
import { changeFor, dueOf, typedAmount } from './sale.ts'
import type { Act, Sale } from './sale.ts'
import { useCounterWords } from './words/index.ts'
import { inOrder } from '../seat-map/choice.ts'

interface StageProps {
  readonly sale: Sale
  readonly currency: string
  readonly act: (done: Act) => void
}

/** Cash: what is due, what was given, what goes back, large enough for both sides of the desk. */
export function CashStage({ sale, currency, act }: StageProps) {
  const { t, money } = useCounterWords()
  const sum = (amount: number) => money({ amount, currency })
  const due = dueOf(sale)
  const given = typedAmount(sale) ?? due
  const change = changeFor(sale)
  return (
    <div className="stage">
      <h2 className="stage-title">{t('tender_cash')}</h2>
      <dl className="figures">
        <div>
          <dt>{t('due')}</dt>
          <dd className="marquee">{sum(due)}</dd>
        </div>
        <div>
          <dt>{t('given')}</dt>
          <dd className="marquee" data-quiet={sale.typed === ''}>
            {sum(given)}
          </dd>
        </div>
        <div className="figure-large" data-short={change < 0}>
          <dt>{change < 0 ? t('missing') : t('change')}</dt>
          <dd className="marquee">{sum(Math.abs(change))}</dd>
        </div>
      </dl>
      <fieldset className="note-keys" aria-label={t('quick_notes')}>
        {quickNotes(due, currency).map((amount) => (
          <button
            key={amount}
            type="button"
            className="note-key"
            disabled={sale.booking === null}
            onClick={() => act({ type: 'note', amount })}
          >
            {sum(amount)}
          </button>
        ))}
      </fieldset>
      <p className="text-soft">{change < 0 ? t('split_hint', { sum: sum(-change) }) : t('cash_hint')}</p>
    </div>
  )
}

/** A card: the terminal stands beside the till; what it said is recorded. */
export function CardStage({ sale, currency, act }: StageProps) {
  const { t, money } = useCounterWords()
  const [reference, setReference] = useState('')
  const due = dueOf(sale)
  const amount = typedAmount(sale) ?? due
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act({ type: 'card', terminalReference: reference })
  }
  return (
    <div className="stage">
      <h2 className="stage-title">{t('tender_card')}</h2>
      <dl className="figures">
        <div className="figure-large" data-short={amount > due}>
          <dt>{t('on_terminal')}</dt>
          <dd className="marquee">{money({ amount, currency })}</dd>
        </div>
      </dl>
      <p className="text-soft">{amount > due ? t('card_too_much') : t('card_hint')}</p>
      <form className="grid max-w-sm gap-4" onSubmit={submit}>
        <Field
          label={t('terminal_reference')}
          hint={t('terminal_reference_hint')}
          autoComplete="off"
          maxLength={100}
          value={reference}
          onChange={setReference}
        />
        <div className="flex flex-wrap gap-3">
          <button type="submit" className="button button-main" disabled={sale.work !== null || amount > due}>
            {t('card_approved')}
          </button>
          <button type="button" className="button" onClick={() => act({ type: 'back' })}>
            {t('card_declined')}
          </button>
        </div>
      </form>
    </div>
  )
}

/** A voucher pays what it has; what is left is paid otherwise. */
export function VoucherStage({ sale, act }: StageProps) {
  const { t } = useCounterWords()
  const [code, setCode] = useState('')
  const form = useRef<HTMLFormElement>(null)
  // A scanner types the code; the stage has nothing else.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act({ type: 'voucher', code })
  }
  return (
    <div className="stage">
      <h2 className="stage-title">{t('tender_voucher')}</h2>
      <form ref={form} className="grid max-w-sm gap-4" onSubmit={submit}>
        <Field
          label={t('voucher_code')}
          hint={t('voucher_hint')}
          autoComplete="off"
          spellCheck={false}
          value={code}
          onChange={setCode}
        />
        <div className="flex flex-wrap gap-3">
          <button type="submit" className="button button-main" disabled={sale.work !== null || code.trim() === ''}>
            {t('redeem')}
          </button>
          <button type="button" className="button" onClick={() => act({ type: 'back' })}>
            {t('other_tender')}
          </button>
        </div>
      </form>
    </div>
  )
}

/** Free of charge: no revenue, but a ticket like any other. */
export function CompStage({ act }: StageProps) {
  const { t } = useCounterWords()
  return (
    <div className="stage">
      <h2 className="stage-title">{t('tender_comp')}</h2>
      <p className="max-w-prose text-lg">{t('comp_text')}</p>
      <button type="button" className="button justify-self-start" onClick={() => act({ type: 'back' })}>
        {t('other_tender')}
      </button>
    </div>
  )
}

interface OverProps extends StageProps {
  readonly print: () => void
}

/** Paid: what goes back over the desk, and the tickets. */
export function DoneStage({ sale, currency, print }: OverProps) {
  const { t, money, list } = useCounterWords()
  const { booking, payment } = sale
  const change = payment?.change?.amount ?? 0
  const seats = booking?.tickets.flatMap(({ seat }) => seat ?? []) ?? []
  return (
    <div className="stage stage-done">
      <h2 className="stage-title">{t('sold')}</h2>
      {change > 0 ? (
        <dl className="figures">
          <div className="figure-large figure-change">
            <dt>{t('change')}</dt>
            <dd className="marquee">{money({ amount: change, currency })}</dd>
          </div>
          <div>
            <dt>{t('tender_cash')}</dt>
            <dd className="marquee">{payment && money(payment.amount)}</dd>
          </div>
          <div>
            <dt>{t('given')}</dt>
            <dd className="marquee">{payment?.tendered && money(payment.tendered)}</dd>
          </div>
        </dl>
      ) : (
        <p className="figure-none marquee">{t('no_change')}</p>
      )}
      {change > 0 && (
        <ul className="coins" aria-label={t('count_out')}>
          {inCash(change, currency).map(({ value, count }) => (
            <li key={value}>
              {count} × {money({ amount: value, currency })}
            </li>
          ))}
        </ul>
      )}
      <p className="text-lg">
        <b className="desk-reference">{booking?.reference}</b>
        {seats.length > 0 && `, ${list(inOrder(seats))}`}
      </p>
      <div className="flex flex-wrap gap-3">
        <button type="button" className="button button-main" onClick={print}>
          {t('print_tickets')} <kbd aria-hidden="true">F9</kbd>
        </button>
        {booking && (
          <a
            className="button"
            href={`/api/v1/bookings/${booking.id}/tickets.pdf?size=80mm`}
            target="_blank"
            rel="noreferrer"
          >
            {t('tickets_pdf')}
          </a>
        )}
      </div>
    </div>
  )
}

/** Booked for later: the reference is what the group needs. */
export function ReservedStage({ sale, zone }: { readonly sale: Sale; readonly zone: string }) {
  const { t, clock, day } = useCounterWords()
  const { booking } = sale
  if (!booking) return null
  const until = booking.expiresAt
  const local = until === null ? null : new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(until))
  return (
    <div className="stage stage-done">
      <h2 className="stage-title">{t('reserved')}</h2>
      <p className="figure-none marquee">{booking.reference}</p>
      {until !== null && local !== null && (
        <p className="text-lg">{t('pay_until', { day: day(local), time: clock(until, zone) })}</p>
      )}
      <p className="max-w-prose text-soft">{t('reserved_text')}</p>
    </div>
  )
}
