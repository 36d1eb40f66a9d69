import { useQuery } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { ColumnChart } from '../../ui/ColumnChart.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Read, Totals } from './parts.tsx'
import type { ReportProps } from './parts.tsx'
import { useReportWords } from './words/index.ts'

const mostColumns = 12

/** Films by the tickets they sold; grouped by time, within each span. */
export function PopularFilms({ query, currency }: ReportProps) {
  const { t, money } = useReportWords()
  const report = useQuery({
    queryKey: ['report', 'popular', query],
    queryFn: ({ signal }) => call('reportPopularMovies', { query, signal }),
  })
  const isByFilm = query.groupBy === 'movie'
  return (
    <Read report={report}>
      {({ rows, totals }) => (
        <>
          <Totals totals={totals} currency={currency} />
          {isByFilm && rows.length > 0 && (
            <ColumnChart
              title={t('tickets_by_film')}
              hint={t('chart_hint')}
              points={rows.slice(0, mostColumns).map((row) => ({
                key: `${row.key} ${row.movieId}`,
                label: String(row.rank),
                value: row.tickets,
                text: `${row.rank}. ${row.title}: ${t('tickets', { count: row.tickets })}, ${money({ amount: row.net, currency: row.currency })}`,
              }))}
              markOf={(count) => String(count)}
            />
          )}
          <DataTable
            caption={t('report_popular-movies')}
            keyOf={({ key, movieId, currency: sold }) => `${key} ${movieId} ${sold}`}
            rows={rows}
            empty={t('nothing_in_period')}
            columns={[
              { label: t('film'), cell: ({ rank, title }) => `${rank}. ${title}` },
              ...(isByFilm ? [] : [{ label: t(`by_${query.groupBy}`), cell: ({ label }: { label: string }) => label }]),
              { label: t('tickets_sold'), isNumber: true, cell: ({ tickets }) => tickets },
              { label: t('bookings_made'), isNumber: true, cell: ({ bookings }) => bookings },
              {
                label: t('net'),
                isNumber: true,
                cell: ({ net, currency: sold }) => money({ amount: net, currency: sold }),
              },
            ]}
          />
        </>
      )}
    </Read>
  )
}
