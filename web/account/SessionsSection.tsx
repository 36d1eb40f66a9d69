import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../contract/client.ts'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Failed } from '../ui/states.tsx'
import { Card } from './Card.tsx'
import { deviceOf } from './device.ts'

type Session = Answer<'listSessions'>['data'][number]

/** Every place where the account is signed in, each with a way out. */
export function SessionsSection() {
  const { t } = useAccountWords()
  const found = useQuery({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) => (await call('listSessions', { query: { limit: 100 }, signal })).data,
  })
  return (
    <Card title={t('sessions_title')}>
      <Failed of={found} />
      <ul className="grid gap-3">
        {found.data?.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
    </Card>
  )
}

function SessionRow({ session }: { readonly session: Session }) {
  const { t, locale } = useAccountWords()
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => call('deleteSession', { params: { id: session.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const found = deviceOf(session.userAgent)
  const device = found ? t('session_on', found) : session.kind === 'token' ? t('session_app') : t('session_unknown')
  const time = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <li className="panel grid gap-3 p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="leading-snug">
          <b>{device}</b>
          {session.current && <span className="ms-2 font-semibold text-good">{t('session_here')}</span>}
          <span className="block text-sm text-soft">
            {[t('session_last', { time: time.format(new Date(session.lastUsedAt)) }), session.address]
              .filter(Boolean)
              .join(', ')}
          </span>
        </p>
        {!session.current && (
          <button
            type="button"
            className="button"
            aria-label={t('session_end_of', { device })}
            disabled={end.isPending}
            onClick={() => end.mutate()}
          >
            {t('session_end')}
          </button>
        )}
      </div>
      <Failed of={end} />
    </li>
  )
}
