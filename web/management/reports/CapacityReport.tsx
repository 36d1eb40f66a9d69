import { useQuery } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { ColumnChart } from '../../ui/ColumnChart.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Read, Totals, useGroupLabels } from './parts.tsx'
import type { ReportProps } from './parts.tsx'
import { useReportWords } from './words/index.ts'

/** How full the showtimes were. */
export function CapacityReport({ query, currency }: ReportProps) {
  const { t } = useReportWords()
  const labels = useGroupLabels(query.groupBy)
  const report = useQuery({
    queryKey: ['report', 'capacity', query],
    queryFn: ({ signal }) => call('reportCapacity', { query, signal }),
  })
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return (
    <Read report={report}>
      {({ rows, totals }) => (
        <>
          <Totals totals={totals} currency={currency} />
          {rows.length > 0 && (
            <ColumnChart
              title={t('share_by', { group: t(`by_${query.groupBy}`) })}
              hint={t('chart_hint')}
              points={rows.map((row) => ({
                key: row.key,
                label: labels.short(row),
                value: row.share,
                text: `${labels.long(row)}: ${percent(row.share)}, ${t('sold_of', { sold: row.sold, capacity: row.capacity })}`,
              }))}
              markOf={percent}
            />
          )}
          <DataTable
            caption={t('report_capacity')}
            keyOf={({ key }) => key}
            rows={rows}
            empty={t('nothing_in_period')}
            columns={[
              { label: t(`by_${query.groupBy}`), cell: labels.long },
              { label: t('showtimes_count'), isNumber: true, cell: ({ showtimes }) => showtimes },
              { label: t('places'), isNumber: true, cell: ({ capacity }) => capacity },
              { label: t('tickets_sold'), isNumber: true, cell: ({ sold }) => sold },
              { label: t('share'), isNumber: true, cell: ({ share }) => percent(share) },
            ]}
          />
        </>
      )}
    </Read>
  )
}
