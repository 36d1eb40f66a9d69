import { useEffect, useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { useMe } from '../session.ts'
import { prepareOffline } from '../tickets/keep-offline.ts'
import { useAwake } from '../ui/awake.ts'
import { Field } from '../ui/Field.tsx'
import { Link } from '../ui/router.tsx'
import { Failed, Notice, Waiting } from '../ui/states.tsx'
import { Camera } from './Camera.tsx'
import { Conflicts, Inside } from './DoorLists.tsx'
import { Result } from './Result.tsx'
import { useDoor } from './use-door.ts'
import type { Door } from './use-door.ts'
import { useDoorWords } from './words/index.ts'

/** In or not, to be read from two metres; with a network and without. */
export function DoorPage() {
  const { t } = useDoorWords()
  const { me, isPending } = useMe()
  const door = useDoor()
  useAwake()
  // Without a network nobody can say who is signed in: a device that keeps lists was somebody's of the house.
  const isOurs = me ? me.role !== 'customer' : door.packs.length > 0
  if (isPending && !isOurs) return <Waiting />
  return (
    <div className="page grid max-w-3xl gap-4 pt-6">
      <title>{t('door_title')}</title>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <h1 className="marquee text-5xl">{t('door_title')}</h1>
        {isOurs && <Network door={door} />}
      </div>
      {isOurs ? (
        <AtTheDoor door={door} />
      ) : (
        <Notice title={t('guest_title')}>
          <Link href={me ? '/' : '/account?next=/door'} className="button button-main">
            {me ? t('to_programme') : t('sign_in')}
          </Link>
        </Notice>
      )}
    </div>
  )
}

/** Whether the house can be asked, and what it has not heard yet. */
function Network({ door }: { readonly door: Door }) {
  const { t } = useDoorWords()
  const [isReady, setReady] = useState(false)
  useEffect(() => {
    prepareOffline().then(setReady, () => {})
  }, [])
  const online = isReady && door.packs.length > 0 ? t('online_ready') : t('online')
  const waiting = door.scans.filter(({ state }) => state === 'waiting').length
  const offline = door.packs.length > 0 ? t('offline_now') : t('offline_unready')
  return (
    <output className={`text-sm font-semibold ${door.isOnline ? 'text-good' : 'text-warn'}`}>
      {[door.isOnline ? online : offline, waiting > 0 ? t('to_report', { count: waiting }) : '']
        .filter(Boolean)
        .join('. ')}
    </output>
  )
}

function AtTheDoor({ door }: { readonly door: Door }) {
  const { t } = useDoorWords()
  const form = useRef<HTMLFormElement>(null)
  const [code, setCode] = useState('')
  const [hasCamera, setCamera] = useState(false)
  const { scan, rest, undo } = door
  const check = (scanned: string) => {
    if (scanned === '' || scan.isPending) return
    rest.reset()
    undo.reset()
    scan.mutate(scanned)
    setCode('')
    form.current?.querySelector('input')?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    check(code.trim())
  }
  const openCamera = () => {
    // The camera is allowed on this page alone, and by the answer that brought the page: from another it must be loaded anew.
    const [loaded] = performance.getEntriesByType('navigation')
    if (loaded && new URL(loaded.name).pathname !== '/door') location.assign('/door')
    else setCamera(true)
  }
  const canFilm = 'mediaDevices' in navigator
  return (
    <>
      <Inside door={door} />
      <div aria-live="assertive" className="min-h-72">
        {rest.error || undo.error ? (
          <Failed of={rest.error ? rest : undo} />
        ) : undo.isSuccess ? (
          <Notice title={t('door_undone')} />
        ) : scan.data ? (
          <Result outcome={rest.data ?? scan.data} door={door} />
        ) : (
          <p className="grid min-h-72 place-items-center rounded-2xl border border-dashed border-edge p-6 text-center text-xl text-soft">
            {t('door_hint')}
          </p>
        )}
      </div>
      {hasCamera && <Camera onCode={check} close={() => setCamera(false)} />}
      <form ref={form} onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <div className="min-w-48 flex-1">
          <Field
            label={t('door_code')}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={code}
            onChange={setCode}
          />
        </div>
        <button type="submit" className="button button-main">
          {t('scan_ticket')}
        </button>
        {canFilm && !hasCamera && (
          <button type="button" className="button" onClick={openCamera}>
            {t('camera_on')}
          </button>
        )}
      </form>
      <Conflicts door={door} />
    </>
  )
}
