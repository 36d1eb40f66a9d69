import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Theatre, TheatreSettings } from '../../../contract/venues.ts'
import { locales } from '../../messages/locale.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../../ui/form.tsx'
import { MoneyField } from '../../ui/MoneyField.tsx'
import { Failed, PartWaiting } from '../../ui/states.tsx'
import type { ManagementPageProps } from '../pages.tsx'
import { weekdays } from '../prices/bands.ts'
import { settingsQuery, useSaveSettings } from './queries.ts'
import { draftOf, groups, patchOf, rules } from './rules.ts'
import type { RuleName, Value } from './rules.ts'
import { useSettingsWords } from './words/index.ts'

/** How the theatre works: each rule with what it means. */
export function RulesForm({ theatre }: ManagementPageProps) {
  const found = useQuery(settingsQuery(theatre.id))
  if (found.error) return <Failed of={found} />
  return found.data ? <Rules theatre={theatre} settings={found.data} /> : <PartWaiting />
}

function Rules({ theatre, settings }: { readonly theatre: Theatre; readonly settings: TheatreSettings }) {
  const { t } = useSettingsWords()
  const [draft, setDraft] = useState(() => draftOf(settings))
  const save = useSaveSettings(theatre.id)
  const problem = fieldProblems(save.error)
  return (
    <div className="settings-sheet">
      <Form submit={() => save.mutate(patchOf(draft, settings))} isBusy={save.isPending} error={save.error}>
        {groups.map(({ group, rules: names }) => (
          <fieldset key={group} className="rules">
            <legend className="marquee text-3xl">{t(group)}</legend>
            {names.map((name) => (
              <Rule
                key={name}
                name={name}
                value={draft[name] ?? null}
                currency={theatre.currency}
                problem={problem(`/${name}`)}
                change={(value) => setDraft({ ...draft, [name]: value })}
              />
            ))}
          </fieldset>
        ))}
      </Form>
    </div>
  )
}

interface RuleProps {
  readonly name: RuleName
  readonly value: Value
  readonly currency: string
  readonly problem: string | undefined
  readonly change: (value: Value) => void
}

function Rule(props: RuleProps) {
  const { t } = useSettingsWords()
  return (
    <div className="rule">
      <RuleField {...props} />
      <p className="text-soft">{t(`${props.name}_text`)}</p>
    </div>
  )
}

function RuleField({ name, value, currency, problem, change }: RuleProps) {
  const { t } = useSettingsWords()
  const { kind, least = 0, most } = rules[name]
  const label = t(name)
  if (kind === 'switch') {
    return (
      <label className="check font-semibold">
        <input type="checkbox" checked={value === true} onChange={(event) => change(event.target.checked)} />
        {label}
      </label>
    )
  }
  if (kind === 'money') {
    const amount = typeof value === 'number' ? value : null
    return (
      <MoneyField
        label={label}
        currency={currency}
        amount={amount}
        required={name === 'ticketFee'}
        onChange={change}
        problem={problem}
      />
    )
  }
  if (kind === 'weekday') return <WeekdayField label={label} value={String(value)} change={change} />
  if (kind === 'locales')
    return <LocaleFields label={label} chosen={Array.isArray(value) ? value : []} change={change} />
  const input =
    kind === 'clock'
      ? { type: 'time' }
      : { type: 'number', min: least, max: most, step: kind === 'percent' && name === 'taxRatePercent' ? 'any' : 1 }
  return <Field label={label} required {...input} value={String(value)} onChange={change} problem={problem} />
}

interface WeekdayFieldProps {
  readonly label: string
  readonly value: string
  readonly change: (value: string) => void
}

function WeekdayField({ label, value, change }: WeekdayFieldProps) {
  const { locale } = useSettingsWords()
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' })
  const named = weekdays.map((day, index) => [day, format.format(Date.UTC(2026, 0, 5 + index))] as const)
  return <SelectField label={label} value={value} options={named} onChange={change} />
}

interface LocaleFieldsProps {
  readonly label: string
  readonly chosen: readonly string[]
  readonly change: (value: readonly string[]) => void
}

/** In which languages the theatre writes; the first is the one it writes in where nobody has said another. */
function LocaleFields({ label, chosen, change }: LocaleFieldsProps) {
  const others = chosen.filter((each) => !Object.hasOwn(locales, each))
  const offered = [...Object.entries(locales), ...others.map((each) => [each, each] as const)]
  return (
    <fieldset>
      <legend className="font-semibold">{label}</legend>
      {offered.map(([tag, name]) => {
        const isOn = chosen.includes(tag)
        return (
          <label key={tag} className="check">
            <input
              type="checkbox"
              checked={isOn}
              disabled={isOn && chosen.length === 1}
              onChange={() => change(isOn ? chosen.filter((each) => each !== tag) : [...chosen, tag])}
            />
            {name}
          </label>
        )
      })}
    </fieldset>
  )
}
