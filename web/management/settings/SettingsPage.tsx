import type { ComponentType } from 'react'
import type { ManagementPageProps } from '../pages.tsx'
import { Link } from '../../ui/router.tsx'
import { NotFound } from '../../ui/states.tsx'
import { AuditLog } from './AuditLog.tsx'
import { BrandForm } from './BrandForm.tsx'
import { RulesForm } from './RulesForm.tsx'
import { TheatreForm } from './TheatreForm.tsx'
import { Webhooks } from './Webhooks.tsx'
import { useSettingsWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import './settings.css'

const parts: readonly (readonly [
  path: string,
  label: 'theatre' | 'rules' | 'brand' | 'webhooks' | 'log',
  part: ComponentType<ManagementPageProps>,
])[] = [
  ['', 'theatre', TheatreForm],
  ['rules', 'rules', RulesForm],
  ['brand', 'brand', BrandForm],
  ['webhooks', 'webhooks', Webhooks],
  ['log', 'log', AuditLog],
]

/** `/manage/settings` and its parts. */
export function SettingsPage(props: ManagementPageProps) {
  const { t } = useSettingsWords()
  const found = parts.find(([path]) => path === props.rest)
  if (!found) return <NotFound />
  const [current, , Part] = found
  return (
    <section>
      <title>{t('settings')}</title>
      <h1 className="marquee text-[clamp(2.5rem,7vw,4.5rem)]">{t('settings')}</h1>
      <nav className="switch settings-parts" aria-label={t('settings')}>
        {parts.map(([path, label]) => (
          <Link
            key={path}
            href={path === '' ? '/manage/settings' : `/manage/settings/${path}`}
            aria-current={path === current ? 'page' : undefined}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      <Part {...props} />
    </section>
  )
}
