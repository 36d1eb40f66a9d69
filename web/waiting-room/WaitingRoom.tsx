import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { WaitingEntry, WaitingState } from '../../contract/waiting-room.ts'
import { call } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { Failed, PartWaiting } from '../ui/states.tsx'
import { keepAdmission } from './admission.ts'
import { useWaitingWords } from './words/index.ts'

/** How often a browser asks how far it has come. */
const askMs = 5000

interface WaitingRoomProps {
  readonly showtime: Listed
  /** What is behind the door. */
  readonly children: ReactNode
}

/** Before a rush: everybody joins, the order is drawn, and whoever is admitted chooses seats. */
export function WaitingRoom({ showtime, children }: WaitingRoomProps) {
  const { id } = showtime
  const state = useQuery({
    queryKey: ['waiting-room', id],
    async queryFn({ signal }) {
      const found = await call('readWaitingRoom', { params: { id }, signal })
      keepAdmission(id, found.entry?.admission?.token)
      return found
    },
    refetchInterval: askMs,
    // Whoever waits looks at something else meanwhile.
    refetchIntervalInBackground: true,
  })
  if (!state.data) {
    return state.error ? <Failed of={state} /> : <PartWaiting />
  }
  const { room, entry } = state.data
  if (!room) return children
  if (entry?.status !== 'admitted') return <Door showtime={showtime} {...{ room, entry }} look={state.refetch} />
  return (
    <>
      <Until entry={entry} timeZone={showtime.timeZone} />
      {children}
    </>
  )
}

function Until({ entry, timeZone }: { readonly entry: WaitingEntry; readonly timeZone: string }) {
  const { t, clock } = useWaitingWords()
  if (!entry.admission) return null
  return (
    <output className="panel mb-5 block border-s-4 border-good p-4">
      <b>{t('your_turn')}</b> {t('your_turn_until', { time: clock(entry.admission.expiresAt, timeZone) })}
    </output>
  )
}

interface DoorProps {
  readonly showtime: Listed
  readonly room: NonNullable<WaitingState['room']>
  readonly entry: WaitingEntry | null
  readonly look: () => Promise<unknown>
}

function Door({ showtime, room, entry, look }: DoorProps) {
  const { t, instant } = useWaitingWords()
  const { id, timeZone } = showtime
  const join = useMutation({
    mutationFn: () => call('joinWaitingRoom', { params: { id } }),
    onSuccess: () => look(),
  })
  const opens = instant(room.opensAt, timeZone)
  const mayJoin = !entry || entry.status === 'ended'
  return (
    <section className="panel grid justify-items-start gap-4 p-5 sm:p-10">
      <div aria-live="polite" className="grid gap-2">
        <Standing entry={entry} opens={opens} isDrawn={room.drawnAt !== null} waiting={room.waiting} />
      </div>
      {mayJoin && (
        <button type="button" className="button button-main" disabled={join.isPending} onClick={() => join.mutate()}>
          {t(join.isPending ? 'joining' : 'join')}
        </button>
      )}
      <Failed of={join} />
      <details className="w-full text-sm text-soft">
        <summary className="cursor-pointer">{t('how_drawn')}</summary>
        <p className="mt-2 max-w-prose">{t('how_drawn_text')}</p>
        <dl className="mt-2 grid gap-1 [overflow-wrap:anywhere]">
          {entry && <Fact name={t('your_entry')} value={entry.id} />}
          <Fact name={t('seed_hash')} value={room.seedHash} />
          {room.seed !== null && <Fact name={t('seed')} value={room.seed} />}
        </dl>
      </details>
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt className="font-semibold">{name}</dt>
      <dd className="font-mono">{value}</dd>
    </div>
  )
}

interface StandingProps {
  readonly entry: WaitingEntry | null
  readonly opens: string
  readonly isDrawn: boolean
  readonly waiting: number
}

/** Where the visitor stands, in a heading and a sentence. */
function Standing({ entry, opens, isDrawn, waiting }: StandingProps) {
  const { t } = useWaitingWords()
  const [title, text] = ((): readonly [string, string] => {
    if (!entry) {
      return isDrawn ? [t('queue'), t('queue_text', { count: waiting })] : [t('rush'), t('rush_text', { time: opens })]
    }
    if (entry.status === 'ended') return [t('over'), t('over_text')]
    if (entry.status === 'joined') return [t('joined'), t('joined_text', { time: opens })]
    const minutes = Math.max(1, Math.ceil((entry.estimateSeconds ?? 0) / 60))
    const ahead = entry.ahead ?? 0
    return [ahead === 0 ? t('next') : t('ahead', { count: ahead }), t('ahead_text', { count: minutes })]
  })()
  return (
    <>
      <h2 className="marquee text-4xl sm:text-5xl">{title}</h2>
      <p className="max-w-prose">{text}</p>
    </>
  )
}
