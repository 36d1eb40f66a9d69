import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Theatre, TheatrePatch } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../../ui/form.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { myTheatresQuery } from '../theatres.ts'
import { useSettingsWords } from './words/index.ts'

const texts = [
  'name',
  'city',
  'country',
  'address',
  'postcode',
  'phone',
  'latitude',
  'longitude',
  'timeZone',
  'currency',
] as const
type Draft = Readonly<Record<(typeof texts)[number] | 'amenities', string>>

const zones = Intl.supportedValuesOf('timeZone').map((zone) => [zone, zone.replaceAll('_', ' ')] as const)
const currencies = Intl.supportedValuesOf('currency').map((code) => [code, code] as const)

function draftOf(theatre: Theatre): Draft {
  const draft = Object.fromEntries(texts.map((name) => [name, String(theatre[name] ?? '')]))
  const { name = '', city = '', country = '', address = '', postcode = '', phone = '' } = draft
  const { latitude = '', longitude = '', timeZone = '', currency = '' } = draft
  const amenities = theatre.amenities.join(', ')
  return { name, city, country, address, postcode, phone, latitude, longitude, timeZone, currency, amenities }
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())
const numberOrNull = (text: string) => (text.trim() === '' ? null : Number(text.replace(',', '.')))

function patchOf(draft: Draft, theatre: Theatre): TheatrePatch {
  return {
    name: draft.name.trim(),
    city: draft.city.trim(),
    country: orNull(draft.country.toUpperCase()),
    address: orNull(draft.address),
    postcode: orNull(draft.postcode),
    phone: orNull(draft.phone),
    latitude: numberOrNull(draft.latitude),
    longitude: numberOrNull(draft.longitude),
    amenities: draft.amenities.split(',').flatMap((each) => orNull(each) ?? []),
    // Both are fixed from the first showtime on: they are sent only when they change.
    ...(draft.timeZone !== theatre.timeZone && { timeZone: draft.timeZone }),
    ...(draft.currency !== theatre.currency && { currency: draft.currency }),
  }
}

/** Where a theatre is and how it is reached. */
export function TheatreForm({ theatre }: ManagementPageProps) {
  const { t } = useSettingsWords()
  const house = useHouseWords()
  const queries = useQueryClient()
  const toast = useToast()
  const [draft, setDraft] = useState(() => draftOf(theatre))
  const save = useMutation({
    mutationFn: () => call('updateTheatre', { params: { id: theatre.id }, body: patchOf(draft, theatre) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: myTheatresQuery.queryKey })
      await queries.invalidateQueries({ queryKey: ['theatre', theatre.id] })
      toast({ text: house.t('saved') })
    },
  })
  const problem = fieldProblems(save.error)
  const bind = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (value: string) => setDraft({ ...draft, [name]: value }),
    problem: problem(`/${name}`),
  })
  return (
    <div className="settings-sheet">
      <Form submit={() => save.mutate()} isBusy={save.isPending} error={save.error}>
        <Field label={t('name')} required maxLength={200} {...bind('name')} />
        <div className="pair">
          <Field label={t('address')} maxLength={500} autoComplete="off" {...bind('address')} />
          <Field label={t('postcode')} maxLength={20} autoComplete="off" {...bind('postcode')} />
          <Field label={t('city')} required maxLength={200} autoComplete="off" {...bind('city')} />
          <Field
            label={t('country')}
            maxLength={2}
            pattern="[A-Za-z]{2}"
            hint={t('country_hint')}
            {...bind('country')}
          />
          <Field label={t('phone')} type="tel" maxLength={50} autoComplete="off" {...bind('phone')} />
        </div>
        <Field label={t('amenities')} hint={t('amenities_hint')} {...bind('amenities')} />
        <div className="pair">
          <Field label={t('latitude')} inputMode="decimal" hint={t('place_hint')} {...bind('latitude')} />
          <Field label={t('longitude')} inputMode="decimal" {...bind('longitude')} />
        </div>
        <div className="pair">
          <SelectField label={t('time_zone')} options={zones} {...bind('timeZone')} />
          <SelectField label={t('currency')} options={currencies} {...bind('currency')} />
        </div>
        <p className="text-sm text-soft">{t('fixed_text')}</p>
      </Form>
    </div>
  )
}
