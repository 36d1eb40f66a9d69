import { useQuery } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Read, Totals } from './parts.tsx'
import type { ReportProps } from './parts.tsx'
import { useReportWords } from './words/index.ts'

/** Admissions by film, ticket type and price, as a distributor wants them. */
export function FilmReturns({ query, currency }: ReportProps) {
  const { t, tOr, money } = useReportWords()
  const report = useQuery({
    queryKey: ['report', 'returns', query],
    queryFn: ({ signal }) => call('reportFilmReturns', { query, signal }),
  })
  return (
    <Read report={report}>
      {({ rows, totals }) => (
        <>
          <Totals totals={totals} currency={currency} />
          <DataTable
            caption={t('report_film-returns')}
            keyOf={(row) => [row.key, row.movieId, row.ticketType, row.price, row.currency].join(' ')}
            rows={rows}
            empty={t('nothing_in_period')}
            columns={[
              { label: t('film'), cell: ({ title }) => title },
              { label: t('distributor'), cell: ({ distributor }) => distributor ?? '–' },
              { label: t(`by_${query.groupBy}`), cell: ({ label }) => label },
              { label: t('ticket_type'), cell: ({ ticketType }) => tOr(`type_${ticketType}`, ticketType) },
              {
                label: t('price'),
                isNumber: true,
                cell: (row) => money({ amount: row.price, currency: row.currency }),
              },
              { label: t('admissions'), isNumber: true, cell: ({ admissions }) => admissions },
              {
                label: t('gross'),
                isNumber: true,
                cell: (row) => money({ amount: row.gross, currency: row.currency }),
              },
              { label: t('tax'), isNumber: true, cell: (row) => money({ amount: row.tax, currency: row.currency }) },
            ]}
          />
        </>
      )}
    </Read>
  )
}
