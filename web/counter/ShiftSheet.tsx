import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Shift } from '../../contract/shifts.ts'
import type { Theatre } from '../../contract/venues.ts'
import { call } from '../api.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { Form } from '../ui/form.tsx'
import { MoneyField } from '../ui/MoneyField.tsx'
import { readStored, writeStored } from '../ui/stored.ts'
import { CloseShift } from './CloseShift.tsx'
import { Movements } from './Movements.tsx'
import { ShiftResult } from './ShiftResult.tsx'
import { useCounterWords } from './words/index.ts'

interface ShiftSheetProps {
  readonly theatre: Theatre
  readonly shift: Shift | null
  readonly take: (shift: Shift | null) => void
  readonly close: () => void
}

/** The drawer of this till: opened with a float, moved in and out of, counted and closed. */
export function ShiftSheet({ theatre, shift, take, close }: ShiftSheetProps) {
  const { t, clock } = useCounterWords()
  const [isCounting, setCounting] = useState(false)
  const [result, setResult] = useState<Shift | null>(null)
  const closed = (done: Shift) => {
    setResult(done)
    take(null)
  }
  if (result) {
    return (
      <Dialog title={t('shift_closed')} close={close} size="wide">
        <ShiftResult shift={result} />
      </Dialog>
    )
  }
  if (!shift) {
    return (
      <Dialog title={t('open_shift')} close={close}>
        <OpenShift theatre={theatre} take={take} />
        <EarlierShifts theatre={theatre} show={setResult} take={take} />
      </Dialog>
    )
  }
  return (
    <Dialog title={t('till_shift', { till: shift.till, number: shift.number })} close={close} size="wide">
      <p className="text-soft">{t('open_since', { time: clock(shift.openedAt, theatre.timeZone) })}</p>
      {isCounting ? (
        <CloseShift shift={shift} closed={closed} back={() => setCounting(false)} />
      ) : (
        <>
          <Movements shift={shift} changed={take} zone={theatre.timeZone} />
          <div className="mt-6 flex flex-wrap gap-3">
            <button type="button" className="button button-main" onClick={() => setCounting(true)}>
              {t('count_and_close')}
            </button>
            <button type="button" className="button" onClick={() => take(null)}>
              {t('leave_till')}
            </button>
          </div>
        </>
      )}
    </Dialog>
  )
}

function OpenShift({ theatre, take }: { readonly theatre: Theatre; readonly take: (shift: Shift) => void }) {
  const { t } = useCounterWords()
  const queries = useQueryClient()
  const [till, setTill] = useState(() => readStored('counter.till', t('till_one')))
  const [float, setFloat] = useState<number | null>(null)
  const open = useMutation({
    mutationFn: async () => {
      const amount = { amount: float ?? 0, currency: theatre.currency }
      return await call('openShift', { body: { theatreId: theatre.id, till: till.trim(), float: amount } })
    },
    onSuccess: (shift) => {
      writeStored('counter.till', shift.till)
      take(shift)
    },
    onError: () => void queries.invalidateQueries({ queryKey: ['counter', 'shifts'] }),
  })
  const isReady = till.trim() !== '' && !Number.isNaN(float ?? 0)
  return (
    <>
      <p className="mb-4 text-soft">{t('open_shift_text')}</p>
      <Form submit={() => isReady && open.mutate()} isBusy={open.isPending} error={open.error} label={t('open_shift')}>
        <Field label={t('till')} required maxLength={40} autoComplete="off" value={till} onChange={setTill} />
        <MoneyField label={t('float')} currency={theatre.currency} amount={float} onChange={setFloat} required />
      </Form>
    </>
  )
}

interface EarlierShiftsProps {
  readonly theatre: Theatre
  readonly show: (shift: Shift) => void
  readonly take: (shift: Shift) => void
}

/** Shifts that are open at other tills, to be taken over, and those that were closed, to be read. */
function EarlierShifts({ theatre, show, take }: EarlierShiftsProps) {
  const { t, dayParts } = useCounterWords()
  const { data } = useQuery({
    queryKey: ['counter', 'shifts', theatre.id],
    queryFn: ({ signal }) => call('listShifts', { query: { theatreId: theatre.id, limit: 12 }, signal }),
  })
  const shifts = data?.data ?? []
  if (shifts.length === 0) return null
  return (
    <section className="mt-8">
      <h3 className="text-lg font-bold">{t('shifts')}</h3>
      <ul className="mt-2 grid gap-2">
        {shifts.map((shift) => {
          const { weekday, number, month } = dayParts(shift.openedAt.slice(0, 10))
          return (
            <li key={shift.id} className="flex flex-wrap items-center justify-between gap-3">
              <span>
                {t('till_shift', { till: shift.till, number: shift.number })}
                <span className="text-soft">{`, ${weekday} ${number} ${month}`}</span>
              </span>
              <button
                type="button"
                className="button"
                onClick={() => (shift.status === 'open' ? take(shift) : show(shift))}
              >
                {shift.status === 'open' ? t('take_over') : t('show_result')}
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
