import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Theatre, TheatreSettings } from '../../../contract/venues.ts'
import { basePath } from '../../../contract/api.ts'
import { brandColors, brandVariables, readable } from '../../ui/brand.ts'
import type { Brand, BrandColor, Theme } from '../../ui/brand.ts'
import { Form, SelectField } from '../../ui/form.tsx'
import { Failed, PartWaiting } from '../../ui/states.tsx'
import { familyOf, isTypeface, typefaces } from '../../ui/typefaces.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { settingsQuery, useSaveSettings } from './queries.ts'
import { sendLogo } from './send-logo.ts'
import { useSettingsWords } from './words/index.ts'

/** Name, colours, typeface and logo of a theatre, as its audience will see them. */
export function BrandForm({ theatre }: ManagementPageProps) {
  const found = useQuery(settingsQuery(theatre.id))
  if (found.error) return <Failed of={found} />
  return found.data ? <Editor theatre={theatre} settings={found.data} /> : <PartWaiting />
}

const usual: Readonly<Record<BrandColor, string>> = { accent: '#ff6b52', glow: '#74d8c9' }

function Editor({ theatre, settings }: { readonly theatre: Theatre; readonly settings: TheatreSettings }) {
  const { t } = useSettingsWords()
  const [brand, setBrand] = useState<Brand>(settings.brand)
  const save = useSaveSettings(theatre.id)
  if (isTypeface(brand.typeface)) void typefaces[brand.typeface]()
  const setColor = (name: BrandColor, color: string | null) => {
    const others = Object.entries(brand.colors).filter(([each]) => each !== name)
    setBrand({ ...brand, colors: Object.fromEntries(color === null ? others : [...others, [name, color]]) })
  }
  return (
    <div className="brand-editor">
      <Form
        submit={() => save.mutate({ brand: { ...brand, colors: { ...brand.colors } } })}
        isBusy={save.isPending}
        error={save.error}
      >
        <p className="text-soft">{t('brand_text')}</p>
        {brandColors.map((name) => (
          <ColorField key={name} name={name} color={brand.colors[name]} change={(color) => setColor(name, color)} />
        ))}
        <SelectField
          label={t('typeface')}
          value={isTypeface(brand.typeface) ? brand.typeface : ''}
          options={[['', 'Archivo'], ...Object.keys(typefaces).map((name) => [name, name] as const)]}
          onChange={(name) => setBrand({ ...brand, typeface: name === '' ? null : name })}
        />
        <LogoField
          theatreId={theatre.id}
          logoUrl={brand.logoUrl}
          change={(logoUrl) => setBrand({ ...brand, logoUrl })}
        />
      </Form>
      <section className="brand-previews" aria-label={t('preview')}>
        <Preview theatre={theatre} brand={brand} theme="dark" />
        <Preview theatre={theatre} brand={brand} theme="light" />
      </section>
    </div>
  )
}

interface ColorFieldProps {
  readonly name: BrandColor
  readonly color: string | undefined
  readonly change: (color: string | null) => void
}

/** A colour, and whether it must be made lighter or darker to be read. */
function ColorField({ name, color, change }: ColorFieldProps) {
  const { t } = useSettingsWords()
  const adjusted =
    color === undefined ? [] : (['dark', 'light'] as const).filter((theme) => readable(color, theme) !== color)
  return (
    <div className="grid gap-1">
      <div className="flex items-center gap-3">
        <label className="flex items-center gap-3 font-semibold">
          <input
            type="color"
            className="color-well"
            value={color ?? usual[name]}
            onChange={(event) => change(event.target.value)}
          />
          {t(`color_${name}`)}
        </label>
        {color !== undefined && (
          <button type="button" className="quiet-link text-sm" onClick={() => change(null)}>
            {t('usual_color', { color: t(`color_${name}`) })}
          </button>
        )}
      </div>
      {adjusted.length > 0 && (
        <p className="text-sm text-soft">
          {t(adjusted.length > 1 ? 'adjusted_both' : `adjusted_${adjusted[0] ?? 'dark'}`)}
        </p>
      )}
    </div>
  )
}

interface LogoFieldProps {
  readonly theatreId: string
  readonly logoUrl: string | null
  readonly change: (logoUrl: string | null) => void
}

function LogoField({ theatreId, logoUrl, change }: LogoFieldProps) {
  const { t } = useSettingsWords()
  const send = useMutation({
    mutationFn: (file: File) => sendLogo(`${basePath}/theatres/${theatreId}/logo`, file),
    onSuccess: change,
  })
  return (
    <div className="grid grid-cols-1 justify-items-start gap-2">
      <label className="grid w-full grid-cols-1 gap-1 font-semibold">
        {t('logo')}
        <input
          type="file"
          accept="image/png,image/webp,image/avif,image/jpeg"
          className="file-field w-full"
          onChange={(event) => {
            const file = event.target.files?.[0]
            if (file) send.mutate(file)
            event.target.value = ''
          }}
        />
      </label>
      <p className="text-sm text-soft">{t('logo_hint')}</p>
      {logoUrl !== null && (
        <button type="button" className="act" onClick={() => change(null)}>
          {t('no_logo')}
        </button>
      )}
      <Failed of={send} />
    </div>
  )
}

interface PreviewProps {
  readonly theatre: Theatre
  readonly brand: Brand
  readonly theme: Theme
}

/** How the theatre's own pages will look. */
function Preview({ theatre, brand, theme }: PreviewProps) {
  const { t, tOr, money } = useSettingsWords()
  const family = familyOf(brand.typeface)
  return (
    <div
      className="brand-preview"
      data-preview={theme}
      style={{ ...brandVariables(brand, theme), ...(family !== null && { fontFamily: family }) }}
    >
      {brand.logoUrl?.startsWith('/media/') && <img src={brand.logoUrl} alt="" className="theatre-logo" />}
      <p className="marquee text-4xl">{theatre.name}</p>
      <p className="preview-beam" />
      <p className="flex flex-wrap gap-2">
        {['D6', 'D7', 'D8', 'D9'].map((seat, index) => (
          <span key={seat} className="preview-seat" data-chosen={index === 1 || index === 2}>
            {seat}
          </span>
        ))}
      </p>
      <p>
        {tOr('type_adult', 'Adult')} · {money({ amount: 1_250, currency: theatre.currency })}
      </p>
      <p>
        <span className="button button-main">{t('pay')}</span>
      </p>
    </div>
  )
}
