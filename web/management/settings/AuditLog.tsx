import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { AuditEntry } from '../../../contract/administration.ts'
import { call } from '../../api.ts'
import { Field } from '../../ui/Field.tsx'
import { Empty, Failed, PartWaiting } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { changesOf } from './changes.ts'
import { useSettingsWords } from './words/index.ts'

/** Names for the ids of those who acted: the theatre's people, and oneself. */
function useActors({ theatre, me }: ManagementPageProps): (userId: string) => string {
  const { data } = useQuery({
    queryKey: ['staff', theatre.id],
    queryFn: ({ signal }) => call('listStaff', { params: { id: theatre.id }, signal }),
  })
  const names = new Map(data?.data.map(({ userId, name, email }) => [userId, name ?? email]))
  return (userId) => (userId === me.id ? me.name : (names.get(userId) ?? userId))
}

/** Who changed what in the theatre, and when; with what it was before and after. */
export function AuditLog(props: ManagementPageProps) {
  const { t } = useSettingsWords()
  const house = useHouseWords()
  const { theatre } = props
  const [action, setAction] = useState('')
  const wanted = useDeferredValue(action.trim())
  const nameOf = useActors(props)
  const found = useInfiniteQuery({
    queryKey: ['audit-log', theatre.id, wanted],
    initialPageParam: undefined as string | undefined,
    // The field stays, and whoever types in it.
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam: cursor, signal }) => {
      const filter = { theatreId: theatre.id, ...(wanted !== '' && { action: wanted }) }
      return call('listAuditLog', { query: { ...filter, limit: 30, ...(cursor !== undefined && { cursor }) }, signal })
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  if (found.error) return <Failed of={found} />
  if (!found.data) return <PartWaiting />
  const entries = found.data.pages.flatMap(({ data }) => data)
  return (
    <div className="grid gap-4">
      <p className="max-w-prose text-soft">{t('log_text')}</p>
      <div className="max-w-sm">
        <Field label={t('only_action')} hint={t('only_action_hint')} value={action} onChange={setAction} />
      </div>
      {entries.length === 0 ? (
        <Empty>{t(wanted === '' ? 'log_empty' : 'no_entries')}</Empty>
      ) : (
        <ol className="log">
          {entries.map((entry) => (
            <li key={entry.id}>
              <Entry entry={entry} timeZone={theatre.timeZone} actor={nameOf(entry.actor.userId)} />
            </li>
          ))}
        </ol>
      )}
      {found.hasNextPage && (
        <button type="button" className="button justify-self-start" onClick={() => void found.fetchNextPage()}>
          {house.t('load_more')}
        </button>
      )}
    </div>
  )
}

interface EntryProps {
  readonly entry: AuditEntry
  readonly timeZone: string
  readonly actor: string
}

function Entry({ entry, timeZone, actor }: EntryProps) {
  const { t, instant } = useSettingsWords()
  const changes = changesOf(entry)
  return (
    <details>
      <summary>
        <b>{entry.action}</b>
        <span className="text-soft">
          {actor} · {instant(entry.at, timeZone)}
        </span>
      </summary>
      {entry.subjectId !== null && <p className="break-all text-sm text-soft">{entry.subjectId}</p>}
      <div className="table-frame">
        <table className="data-table">
          <caption className="sr-only">{t('changed_fields')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('field')}</th>
              <th scope="col">{t('before')}</th>
              <th scope="col">{t('after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row">{field}</th>
                <td data-label={t('before')} className="break-all">
                  {before}
                </td>
                <td data-label={t('after')} className="break-all">
                  {after}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
