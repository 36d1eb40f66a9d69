import { useRefusals } from '../messages/refusals.ts'
import type { Admitted, Outcome, Stopped } from './outcome.ts'
import type { Door } from './use-door.ts'
import { useDoorWords } from './words/index.ts'

/** What a scan came to: by colour, by sign and in words. The colours are the same in any theme: they are read from afar. */
export function Result({ outcome, door }: { readonly outcome: Outcome; readonly door: Door }) {
  return outcome.isIn ? <In admitted={outcome} door={door} /> : <Stop stopped={outcome} />
}

function In({ admitted, door }: { readonly admitted: Admitted; readonly door: Door }) {
  const { t, tOr } = useDoorWords()
  const { seat, ticketType, show, proof, party } = admitted
  const left = party === null ? 0 : party.all - party.inside
  const kind = ticketType === null ? t('door_unlisted') : tOr(`type_${ticketType}`, ticketType)
  return (
    <div className="door-result bg-[#0f6b38]">
      <p className="flex items-center justify-between gap-4">
        <span className="marquee text-8xl sm:text-9xl">{seat ?? t('door_in')}</span>
        <Sign path="M4 13l5 5L20 6" />
      </p>
      <p className="text-2xl font-bold">{seat === null ? t('free_choice') : t('door_in')}</p>
      <p className="text-xl">{[kind, show.movieTitle, show.auditoriumName].join(', ')}</p>
      {proof.length > 0 && (
        <p className="rounded-lg bg-white p-3 text-xl font-bold text-[#0a1315]">
          {t('door_proof', { proof: proof.join(', ') })}
        </p>
      )}
      {party && party.all > 1 && <p>{t('door_party', { count: party.inside, all: party.all })}</p>}
      <div className="flex flex-wrap gap-3">
        {left > 0 && (
          <button
            type="button"
            className="door-button bg-white text-[#0a1315]"
            disabled={door.rest.isPending}
            onClick={() => door.rest.mutate(admitted)}
          >
            {t('door_rest', { count: left })}
          </button>
        )}
        <button
          type="button"
          className="door-button"
          disabled={door.undo.isPending}
          onClick={() => door.undo.mutate(admitted)}
        >
          {t('door_undo')}
        </button>
      </div>
    </div>
  )
}

function Stop({ stopped }: { readonly stopped: Stopped }) {
  const { t, clock } = useDoorWords()
  const { reason, firstAt, seat, show } = stopped
  const sentence = useRefusals()(reason)
  const zone = show?.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div className="door-result bg-[#a11b10]">
      <p className="flex items-center justify-between gap-4">
        <span className="marquee text-8xl sm:text-9xl">{t('door_stop')}</span>
        <Sign path="M5 5l14 14M19 5L5 19" />
      </p>
      <p className="text-2xl font-bold">{sentence}</p>
      {firstAt !== null && <p className="text-xl">{t('door_first', { time: clock(firstAt, zone) })}</p>}
      {show && (
        <p className="text-xl">
          {t('door_for', { title: show.movieTitle, hall: show.auditoriumName, time: show.localStartsAt.slice(11, 16) })}
        </p>
      )}
      {seat !== null && <p className="text-xl">{t('door_seat', { seat })}</p>}
    </div>
  )
}

function Sign({ path }: { readonly path: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-20 shrink-0 sm:size-28"
      fill="none"
      stroke="currentColor"
      strokeWidth="4"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  )
}
