import { isRefusalCode } from '../messages/next-steps.ts'
import { useRefusals } from '../messages/refusals.ts'
import type { Scan } from './door-store.ts'
import { insideOf } from './inside.ts'
import type { Door } from './use-door.ts'
import { useDoorWords } from './words/index.ts'

/** For which showtime this door is, and how many are in. */
export function Inside({ door }: { readonly door: Door }) {
  const { t } = useDoorWords()
  const { packs, scans, showtimeId, choose } = door
  const shown = packs
    .map(({ pack }) => pack)
    .toSorted((one, other) => one.showtime.startsAt.localeCompare(other.showtime.startsAt))
  if (shown.length === 0) return <p className="text-soft">{t('door_none')}</p>
  const counted = shown.filter(({ showtime }) => showtimeId === null || showtime.id === showtimeId)
  const all = counted.map((pack) => insideOf(pack, scans))
  const sum = (of: (count: { inside: number; all: number }) => number) => all.reduce((total, one) => total + of(one), 0)
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <label className="grid min-w-[min(16rem,100%)] flex-1 gap-1">
        <span className="label">{t('door_which')}</span>
        <select className="field" value={showtimeId ?? ''} onChange={(event) => choose(event.target.value || null)}>
          <option value="">{t('door_all')}</option>
          {shown.map(({ showtime }) => (
            <option key={showtime.id} value={showtime.id}>
              {[showtime.localStartsAt.slice(11, 16), showtime.movieTitle, showtime.auditoriumName].join(', ')}
            </option>
          ))}
        </select>
      </label>
      <output className="marquee text-3xl">
        {t('door_inside', { count: sum((one) => one.inside), all: sum((one) => one.all) })}
      </output>
    </div>
  )
}

/** Who was let in without a network and should not have been: for somebody to see to. */
export function Conflicts({ door }: { readonly door: Door }) {
  const { t } = useDoorWords()
  const conflicts = door.scans.filter(({ state }) => state === 'conflict')
  if (conflicts.length === 0) return null
  return (
    <section aria-labelledby="conflicts" className="grid gap-3 border-t border-line pt-5">
      <h2 id="conflicts" className="text-xl font-bold">
        {t('conflicts')}
      </h2>
      <p className="text-soft">{t('conflicts_text')}</p>
      <ul className="grid gap-2">
        {conflicts.map((scan) => (
          <Conflict key={scan.id} scan={scan} done={() => void door.seeTo(scan.id)} />
        ))}
      </ul>
    </section>
  )
}

function Conflict({ scan, done }: { readonly scan: Scan; readonly done: () => void }) {
  const { t, clock } = useDoorWords()
  const sentence = useRefusals()
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const { seat, title, at, reason = '', firstAt } = scan
  return (
    <li className="panel flex flex-wrap items-center justify-between gap-3 border-s-4 border-s-accent p-4">
      <p>
        <b>{[seat ?? t('free_choice'), title, clock(at, zone)].join(', ')}</b>
        <span className="block text-soft">
          {isRefusalCode(reason) && sentence(reason)} {firstAt && t('door_first', { time: clock(firstAt, zone) })}
        </span>
      </p>
      <button type="button" className="button" onClick={done}>
        {t('conflict_done')}
      </button>
    </li>
  )
}
