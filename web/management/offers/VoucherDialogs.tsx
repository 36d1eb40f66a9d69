import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Theatre } from '../../../contract/venues.ts'
import type { Voucher } from '../../../contract/vouchers.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, fieldProblems } from '../../ui/form.tsx'
import { MoneyField } from '../../ui/MoneyField.tsx'
import { CopyCode } from './CopyCode.tsx'
import { fromLocalField, toLocalField } from './offer-state.ts'
import { useOfferWords } from './words/index.ts'

interface IssueProps {
  readonly theatre: Theatre
  readonly close: () => void
}

/** More at once would be a campaign: that is for the API. */
const mostAtOnce = 50

interface Wish {
  readonly amount: number | null
  readonly count: string
  readonly code: string
  readonly until: string
}

/** Issues what is wished for; a second try after a lost connection issues none of them twice. */
function useIssue({ amount, count, code, until }: Wish, currency: string) {
  const queries = useQueryClient()
  const [act] = useState(() => crypto.randomUUID())
  return useMutation({
    mutationFn: async () => {
      const made: Voucher[] = []
      const own = code.trim().toUpperCase()
      const wanted = own === '' ? Math.min(Number(count), mostAtOnce) : 1
      const body = {
        balance: { amount: amount ?? 0, currency },
        validTo: fromLocalField(until),
        ...(own !== '' && { code: own }),
      }
      const what = JSON.stringify(body)
      for (let number = 1; number <= wanted; number += 1) {
        made.push(await call('createVoucher', { body, idempotencyKey: `${act} ${number} ${what}`.slice(0, 255) }))
      }
      return made
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['vouchers'] }),
  })
}

/** Issues vouchers of one value; each gets a code that nobody guesses, unless it is one with a name of its own. */
export function IssueVouchers({ theatre, close }: IssueProps) {
  const { t } = useOfferWords()
  const [amount, setAmount] = useState<number | null>(null)
  const [count, setCount] = useState('1')
  const [code, setCode] = useState('')
  const [until, setUntil] = useState('')
  const { currency } = theatre
  const issue = useIssue({ amount, count, code, until }, currency)
  const problem = fieldProblems(issue.error)
  if (issue.data) return <Issued vouchers={issue.data} theatre={theatre} close={close} />
  return (
    <Dialog title={t('issue')} close={close}>
      <Form submit={() => issue.mutate()} isBusy={issue.isPending} error={issue.error} label={t('issue')}>
        <div className="pair">
          <MoneyField
            label={t('worth')}
            currency={currency}
            required
            amount={amount}
            onChange={setAmount}
            problem={problem('/balance')}
          />
          <Field
            label={t('how_many')}
            type="number"
            min={1}
            max={mostAtOnce}
            required
            value={count}
            onChange={setCount}
          />
        </div>
        <Field
          label={t('ends')}
          type="datetime-local"
          value={until}
          onChange={setUntil}
          problem={problem('/validTo')}
        />
        {count === '1' && (
          <Field
            label={t('own_code')}
            hint={t('own_code_hint')}
            maxLength={40}
            pattern="[A-Za-z0-9_\-]+"
            value={code}
            onChange={setCode}
            problem={problem('/code')}
          />
        )}
      </Form>
    </Dialog>
  )
}

interface IssuedProps extends IssueProps {
  readonly vouchers: readonly Voucher[]
}

/** The new codes: to copy, or to print, one card each. */
function Issued({ vouchers, theatre, close }: IssuedProps) {
  const { t, money, instant } = useOfferWords()
  return (
    <Dialog title={t('issued', { count: vouchers.length })} close={close} size="wide">
      <ul className="voucher-cards">
        {vouchers.map(({ id, code, balance, validTo }) => (
          <li key={id} className="voucher-card">
            <p className="label">{theatre.name}</p>
            <p className="marquee text-5xl">{money(balance)}</p>
            <CopyCode code={code} />
            <p className="text-sm text-soft">
              {validTo === null ? t('always_valid') : t('valid_until', { when: instant(validTo, theatre.timeZone) })}
            </p>
          </li>
        ))}
      </ul>
      <div className="sheet-foot">
        <button type="button" className="button button-main ms-auto" onClick={() => print()}>
          {t('print')}
        </button>
      </div>
    </Dialog>
  )
}

/** Corrects what is left on a voucher and until when; or withdraws it. */
export function VoucherChange({ voucher, close }: { readonly voucher: Voucher; readonly close: () => void }) {
  const { t } = useOfferWords()
  const queries = useQueryClient()
  const { currency } = voucher.balance
  const [amount, setAmount] = useState<number | null>(voucher.balance.amount)
  const [until, setUntil] = useState(toLocalField(voucher.validTo))
  const done = async () => {
    await queries.invalidateQueries({ queryKey: ['vouchers'] })
    await queries.invalidateQueries({ queryKey: ['voucher', voucher.id] })
    close()
  }
  const save = useMutation({
    mutationFn: () =>
      call('updateVoucher', {
        params: { id: voucher.id },
        body: {
          // A balance that nobody touched is not set: with a later date there may be more on it than is shown.
          ...(amount !== voucher.balance.amount && { balance: { amount: amount ?? 0, currency } }),
          validTo: fromLocalField(until),
        },
      }),
    onSuccess: done,
  })
  const withdraw = useMutation({
    mutationFn: () => call('deleteVoucher', { params: { id: voucher.id } }),
    onSuccess: done,
  })
  const problem = fieldProblems(save.error)
  return (
    <Dialog title={voucher.code} close={close}>
      <Form
        submit={() => save.mutate()}
        isBusy={save.isPending || withdraw.isPending}
        error={save.error ?? withdraw.error}
        beside={
          <button type="button" className="act act-danger" onClick={() => withdraw.mutate()}>
            {t('withdraw')}
          </button>
        }
      >
        <MoneyField
          label={t('balance')}
          currency={currency}
          required
          amount={amount}
          onChange={setAmount}
          problem={problem('/balance')}
        />
        <Field
          label={t('ends')}
          type="datetime-local"
          value={until}
          onChange={setUntil}
          problem={problem('/validTo')}
        />
        <p className="text-soft">{t('change_text')}</p>
      </Form>
    </Dialog>
  )
}
