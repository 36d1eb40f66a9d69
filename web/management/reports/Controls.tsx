import { basePath } from '../../../contract/api.ts'
import { SelectField } from '../../ui/form.tsx'
import { Field } from '../../ui/Field.tsx'
import { periodOf, presetOf, presets } from './period.ts'
import { groupingsOf } from './report-query.ts'
import type { Asked, ReportName } from './report-query.ts'
import { useReportWords } from './words/index.ts'

interface ControlsProps {
  readonly name: ReportName
  readonly asked: Asked & Record<string, string>
  readonly today: string
  readonly theatreId: string
  readonly change: (changed: Readonly<Record<string, string>>) => void
}

/** Which days, summed up how, counted by which day; and the same as a file. */
export function Controls({ name, asked, today, theatreId, change }: ControlsProps) {
  const { t } = useReportWords()
  const preset = presetOf(asked, today)
  const file = new URLSearchParams({ ...asked, theatreId, format: 'csv' })
  const choose = (chosen: string) => {
    const found = presets.find((one) => one === chosen)
    if (found) change({ ...periodOf(found, today) })
  }
  return (
    <div className="report-controls">
      <SelectField
        label={t('period')}
        value={preset ?? ''}
        onChange={choose}
        options={[
          ...(preset === null ? [['', t('own_period')] as const] : []),
          ...presets.map((one) => [one, t(`period_${one}`)] as const),
        ]}
      />
      <Field
        label={t('from')}
        type="date"
        required
        max={asked.to}
        value={asked.from}
        onChange={(from) => from && change({ from })}
      />
      <Field
        label={t('to')}
        type="date"
        required
        min={asked.from}
        value={asked.to}
        onChange={(to) => to && change({ to })}
      />
      <SelectField
        label={t('group_by')}
        value={asked.groupBy}
        onChange={(groupBy) => change({ groupBy })}
        options={groupingsOf[name].map((one) => [one, t(`by_${one}`)] as const)}
      />
      <SelectField
        label={t('basis')}
        value={asked.basis}
        onChange={(basis) => change({ basis })}
        options={[
          ['sale', t('basis_sale')],
          ['show', t('basis_show')],
        ]}
      />
      <a className="button" href={`${basePath}/admin/reports/${name}?${file}`} download>
        {t('download_csv')}
      </a>
    </div>
  )
}
