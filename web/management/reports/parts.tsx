import type { ReactNode } from 'react'
import type { ReportTotal } from '../../../contract/reports.ts'
import type { Basis, Grouping } from '../../../contract/reports.ts'
import { Failed, PartWaiting } from '../../ui/states.tsx'
import { useReportWords } from './words/index.ts'

export interface ReportProps {
  readonly query: {
    readonly from: string
    readonly to: string
    readonly theatreId: string
    readonly groupBy: Grouping
    readonly basis: Basis
  }
  readonly currency: string
}

interface ReadProps<Data> {
  readonly report: { readonly data?: Data | undefined; readonly error: unknown; readonly refetch: () => unknown }
  readonly children: (data: Data) => ReactNode
}

/** A report that is being read, could not be, or is there. */
export function Read<Data>({ report, children }: ReadProps<Data>) {
  if (report.error && !report.data) return <Failed of={report} />
  return report.data ? children(report.data) : <PartWaiting />
}

/** What the whole period comes to. */
export function Totals({ totals, currency }: { readonly totals: readonly ReportTotal[]; readonly currency: string }) {
  const { t, money } = useReportWords()
  const total = totals.find((one) => one.currency === currency)
  const sum = (amount = 0) => money({ amount, currency })
  return (
    <dl className="headline-figures">
      <div>
        <dt>{t('net')}</dt>
        <dd className="marquee" data-total="net">
          {sum(total?.net)}
        </dd>
      </div>
      <div>
        <dt>{t('gross')}</dt>
        <dd className="marquee" data-total="gross">
          {sum(total?.gross)}
        </dd>
      </div>
      <div>
        <dt>{t('refunded_sum')}</dt>
        <dd className="marquee" data-total="refunded">
          {sum(total?.refunded)}
        </dd>
      </div>
      <div>
        <dt>{t('tickets_sold')}</dt>
        <dd className="marquee" data-total="tickets">
          {total?.tickets ?? 0}
        </dd>
      </div>
    </dl>
  )
}

interface Group {
  readonly key: string
  readonly label: string
}

/** Days are told as days, everything else as the house calls it; `short` fits below a column. */
export function useGroupLabels(groupBy: Grouping) {
  const { dayParts, day } = useReportWords()
  const isDay = groupBy === 'day' || groupBy === 'week'
  return {
    short({ key, label }: Group): string {
      if (!isDay) return label
      const { number, month } = dayParts(key)
      return `${number} ${month}`
    },
    long: ({ key, label }: Group) => (isDay ? day(key) : label),
  }
}
