import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, forgetKey, keyFor } from '../api.ts'
import { Field } from '../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../ui/form.tsx'
import { myTheatresQuery } from './theatres.ts'
import { useManagementWords } from './words/index.ts'

const zones = Intl.supportedValuesOf('timeZone').map((zone) => [zone, zone.replaceAll('_', ' ')] as const)
const currencies = Intl.supportedValuesOf('currency').map((code) => [code, code] as const)

/** The first thing an owner does: a theatre with its clock and its currency. */
export function OpenTheatre() {
  const { t } = useManagementWords()
  const queries = useQueryClient()
  const [theatre, setTheatre] = useState({
    name: '',
    city: '',
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    currency: 'EUR',
  })
  const open = useMutation({
    mutationFn: () => call('createTheatre', { body: theatre, idempotencyKey: keyFor('createTheatre', theatre) }),
    onSuccess: async () => {
      forgetKey('createTheatre', theatre)
      await queries.invalidateQueries({ queryKey: myTheatresQuery.queryKey })
    },
  })
  const problem = fieldProblems(open.error)
  const bind = (name: keyof typeof theatre) => ({
    value: theatre[name],
    problem: problem(`/${name}`),
    required: true,
    onChange: (value: string) => setTheatre({ ...theatre, [name]: value }),
  })
  return (
    <section className="grid max-w-xl gap-5">
      <h1 className="marquee text-[clamp(3rem,8vw,6rem)]">{t('first_theatre')}</h1>
      <p className="text-soft">{t('first_theatre_text')}</p>
      <div className="panel p-5 sm:p-8">
        <Form submit={() => open.mutate()} isBusy={open.isPending} error={open.error} label={t('open_theatre')}>
          <Field label={t('theatre_name')} maxLength={200} {...bind('name')} />
          <Field label={t('city')} maxLength={200} {...bind('city')} />
          <SelectField label={t('time_zone')} options={zones} {...bind('timeZone')} />
          <SelectField label={t('currency')} options={currencies} {...bind('currency')} />
        </Form>
      </div>
    </section>
  )
}
