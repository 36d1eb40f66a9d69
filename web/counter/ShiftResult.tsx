import type { Shift } from '../../contract/shifts.ts'
import { useCounterWords } from './words/index.ts'

const tenders = ['cash', 'card', 'voucher', 'comp'] as const

/** A closed shift: what should have been there, what was, and the difference. None of it changes any more. */
export function ShiftResult({ shift }: { readonly shift: Shift }) {
  const { t, money } = useCounterWords()
  const { expected, counted, difference } = shift
  const cash = difference?.cash?.amount ?? 0
  const shown = tenders.filter((tender) => counted?.[tender] !== undefined || (expected?.[tender]?.amount ?? 0) !== 0)
  return (
    <>
      <p className="text-soft">{t('till_shift', { till: shift.till, number: shift.number })}</p>
      <p className="figure-none marquee" data-tone={cash === 0 ? 'good' : 'bad'}>
        {cash === 0
          ? t('drawer_right')
          : cash > 0
            ? t('drawer_over', { sum: money(difference?.cash ?? shift.float) })
            : t('drawer_short', { sum: money({ amount: -cash, currency: shift.float.currency }) })}
      </p>
      <div className="table-frame mt-4">
        <table className="data-table">
          <caption className="sr-only">{t('shift_closed')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('tender')}</th>
              <th scope="col" data-number="true">
                {t('expected')}
              </th>
              <th scope="col" data-number="true">
                {t('counted')}
              </th>
              <th scope="col" data-number="true">
                {t('difference')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((tender) => {
              const cells = [
                ['expected', expected],
                ['counted', counted],
                ['difference', difference],
              ] as const
              return (
                <tr key={tender}>
                  <th scope="row">{t(`tender_${tender}`)}</th>
                  {cells.map(([name, sums]) => {
                    const sum = sums?.[tender]
                    return (
                      <td key={name} data-label={t(name)} data-number="true">
                        {sum ? money(sum) : '–'}
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </>
  )
}
