import { useQuery } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { ColumnChart } from '../../ui/ColumnChart.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Read, Totals, useGroupLabels } from './parts.tsx'
import type { ReportProps } from './parts.tsx'
import { useReportWords } from './words/index.ts'

/** Money taken and given back. */
export function RevenueReport({ query, currency }: ReportProps) {
  const { t, money } = useReportWords()
  const labels = useGroupLabels(query.groupBy)
  const report = useQuery({
    queryKey: ['report', 'revenue', query],
    queryFn: ({ signal }) => call('reportRevenue', { query, signal }),
  })
  const sum = (amount: number) => money({ amount, currency })
  return (
    <Read report={report}>
      {({ rows, totals }) => (
        <>
          <Totals totals={totals} currency={currency} />
          {rows.length > 0 && (
            <ColumnChart
              title={t('net_by', { group: t(`by_${query.groupBy}`) })}
              hint={t('chart_hint')}
              points={rows.map((row) => ({
                key: row.key,
                label: labels.short(row),
                value: row.net,
                text: `${labels.long(row)}: ${sum(row.net)}, ${t('tickets', { count: row.tickets })}`,
              }))}
              markOf={(amount) => sum(amount)}
            />
          )}
          <DataTable
            caption={t('report_revenue')}
            keyOf={({ key }) => key}
            rows={rows}
            empty={t('nothing_in_period')}
            columns={[
              { label: t(`by_${query.groupBy}`), cell: labels.long },
              { label: t('tickets_sold'), isNumber: true, cell: ({ tickets }) => tickets },
              { label: t('bookings_made'), isNumber: true, cell: ({ bookings }) => bookings },
              { label: t('gross'), isNumber: true, cell: ({ gross }) => sum(gross) },
              { label: t('refunded_sum'), isNumber: true, cell: ({ refunded }) => sum(refunded) },
              { label: t('net'), isNumber: true, cell: ({ net }) => sum(net) },
            ]}
          />
        </>
      )}
    </Read>
  )
}
