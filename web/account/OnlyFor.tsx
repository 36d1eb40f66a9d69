import type { ReactNode } from 'react'
import type { Role } from '../../contract/operation.ts'
import type { Answer } from '../../contract/client.ts'
import { useWords } from '../messages/locale.tsx'
import { useMe } from '../session.ts'
import { Link, useLocation } from '../ui/router.tsx'
import { Waiting } from '../ui/states.tsx'
import { SignIn } from './SignIn.tsx'

type Me = Answer<'getMe'>

interface OnlyForProps {
  readonly roles: readonly Role[]
  /** What the room is called, for a guest at its door. */
  readonly title: string
  readonly children: (me: Me) => ReactNode
}

/** The door of a room of the house: a guest signs in and is in it, others are shown where they may go. */
export function OnlyFor({ roles, title, children }: OnlyForProps) {
  const { me, isPending } = useMe()
  const { path } = useLocation()
  if (isPending) return <Waiting />
  if (me && roles.includes(me.role)) return children(me)
  return (
    <div className="page grid max-w-xl gap-8 pt-8 sm:pt-12">
      <title>{title}</title>
      <h1 className="marquee text-[clamp(3rem,9vw,6rem)]">{title}</h1>
      {me ? <Elsewhere role={me.role} /> : <SignIn next={path} />}
    </div>
  )
}

function Elsewhere({ role }: { readonly role: Role }) {
  const { t } = useWords()
  return (
    <section className="panel grid justify-items-start gap-4 p-5 sm:p-8">
      <h2 className="text-2xl font-bold">{t('house_only_title')}</h2>
      <p className="text-soft">{t('house_only_text')}</p>
      <p className="flex flex-wrap gap-3">
        {role === 'customer' ? (
          <Link href="/" className="button button-main">
            {t('to_programme')}
          </Link>
        ) : (
          <>
            <Link href="/counter" className="button button-main">
              {t('counter')}
            </Link>
            <Link href="/door" className="button">
              {t('door_title')}
            </Link>
          </>
        )}
      </p>
    </section>
  )
}
