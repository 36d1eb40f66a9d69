import type { Answer } from '../../contract/client.ts'
import { useAccountWords } from './words/index.ts'
import { useMe } from '../session.ts'
import { Link, Redirect } from '../ui/router.tsx'
import { Waiting } from '../ui/states.tsx'
import { DataSection } from './DataSection.tsx'
import { DetailsSection } from './DetailsSection.tsx'
import { FactorSection } from './FactorSection.tsx'
import { PasswordSection } from './PasswordSection.tsx'
import { SessionsSection } from './SessionsSection.tsx'

export type Me = Answer<'getMe'>

/** All that somebody can settle about their own account. */
export function SettingsPage() {
  const { t } = useAccountWords()
  const { me, isPending } = useMe()
  if (isPending) return <Waiting />
  if (!me) return <Redirect to="/account?next=/account/settings" />
  return (
    <div className="page grid max-w-5xl gap-8 pt-8 pb-8 sm:pt-12">
      <title>{t('to_settings')}</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h1 className="marquee text-[clamp(3rem,9vw,6rem)]">{t('settings_title')}</h1>
        <Link href="/account" className="quiet-link">
          {t('my_tickets')}
        </Link>
      </div>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
        <DetailsSection me={me} />
        <PasswordSection email={me.email} />
        <FactorSection email={me.email} />
        <SessionsSection />
        <DataSection me={me} />
      </div>
    </div>
  )
}
