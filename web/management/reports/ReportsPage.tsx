import { Link, navigate, useLocation } from '../../ui/router.tsx'
import { useNow } from '../../ui/now.ts'
import { businessDateOf } from '../../ui/zone.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { Controls } from './Controls.tsx'
import { periodOf } from './period.ts'
import { queryOf, reportNames } from './report-query.ts'
import type { ReportName } from './report-query.ts'
import { CapacityReport } from './CapacityReport.tsx'
import { FilmReturns } from './FilmReturns.tsx'
import { PopularFilms } from './PopularFilms.tsx'
import { RevenueReport } from './RevenueReport.tsx'
import { useReportWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../../styles/reports.css'

const minuteMs = 60_000
const contents = {
  revenue: RevenueReport,
  capacity: CapacityReport,
  'popular-movies': PopularFilms,
  'film-returns': FilmReturns,
} as const

function isReport(name: string): name is ReportName {
  return Object.hasOwn(contents, name)
}

/** Numbers of a period: as columns, as a table, as a file. What is asked for stands in the address. */
export function ReportsPage({ theatre, rest }: ManagementPageProps) {
  const { t } = useReportWords()
  const { search } = useLocation()
  const today = businessDateOf(useNow(minuteMs), theatre.timeZone, theatre.settings.businessDayStartsAt)
  const name = isReport(rest) ? rest : 'revenue'
  const asked = queryOf(name, search, periodOf('month', today))
  const Content = contents[name]
  const change = (changed: Readonly<Record<string, string>>) => {
    const next = new URLSearchParams({ ...asked, ...changed })
    navigate(`/manage/reports/${name}?${next}`, { replace: true })
  }
  const query = { ...asked, theatreId: theatre.id }
  return (
    <>
      <title>{t('reports_title')}</title>
      <div className="house-head">
        <h1 className="marquee text-6xl">{t('reports_title')}</h1>
      </div>
      <nav className="report-tabs" aria-label={t('which_report')}>
        {reportNames.map((one) => (
          <Link
            key={one}
            href={`/manage/reports/${one}?from=${asked.from}&to=${asked.to}`}
            aria-current={one === name ? 'page' : undefined}
          >
            {t(`report_${one}`)}
          </Link>
        ))}
      </nav>
      <Controls name={name} asked={asked} today={today} theatreId={theatre.id} change={change} />
      <Content key={JSON.stringify(query)} query={query} currency={theatre.currency} />
    </>
  )
}
