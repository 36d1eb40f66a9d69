import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { FormEvent } from 'react'
import { RefusedCall } from '../../contract/client.ts'
import type { Answer } from '../../contract/client.ts'
import { call, failureCode } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { useRefusals } from '../messages/refusals.ts'
import { Field } from '../ui/Field.tsx'
import { Refused } from '../ui/states.tsx'

const goodMs = [60]
const badMs = [200, 80, 200]

/** In or not, to be read from two metres. A scanner that types ends its code with Enter, which is all that is needed. */
export function DoorPage() {
  const { t } = useWords()
  const [code, setCode] = useState('')
  const [count, setCount] = useState(0)
  const form = useRef<HTMLFormElement>(null)
  const scan = useMutation({
    mutationFn: (scanned: string) => call('checkIn', { body: { code: scanned }, idempotencyKey: crypto.randomUUID() }),
    onSuccess: ({ tickets }) => {
      navigator.vibrate?.(goodMs)
      setCount((before) => before + tickets.length)
    },
    onError: () => navigator.vibrate?.(badMs),
    onSettled: () => {
      setCode('')
      form.current?.querySelector('input')?.focus()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (code.trim() !== '' && !scan.isPending) scan.mutate(code.trim())
  }
  const isMine = scan.error instanceof RefusedCall && ['unauthenticated', 'forbidden'].includes(scan.error.problem.code)
  return (
    <div className="page grid max-w-3xl gap-6 pt-8">
      <title>{t('door_title')}</title>
      <h1 className="marquee text-5xl">{t('door_title')}</h1>
      <form ref={form} onSubmit={submit} className="flex items-end gap-3">
        <div className="flex-1">
          <Field label={t('door_code')} autoComplete="off" spellCheck={false} value={code} onChange={setCode} />
        </div>
        <button type="submit" className="button button-main">
          {t('scan_ticket')}
        </button>
      </form>
      <div aria-live="assertive" className="min-h-80">
        {isMine ? (
          <Refused error={scan.error} />
        ) : scan.data ? (
          <Welcome checkIn={scan.data} />
        ) : scan.error ? (
          <Stop error={scan.error} />
        ) : (
          <p className="text-soft">{t('door_hint')}</p>
        )}
      </div>
      <p className="text-soft">{t('door_count', { count })}</p>
    </div>
  )
}

function Welcome({ checkIn }: { readonly checkIn: Answer<'checkIn'> }) {
  const { t, tOr } = useWords()
  const { ticket, showtime, proof, booking } = checkIn
  return (
    <div className="grid gap-2 rounded-2xl bg-[#0f6b38] p-6 text-white sm:p-10">
      <p className="marquee text-7xl sm:text-8xl">{ticket.seat ?? t('door_in')}</p>
      <p className="text-2xl font-bold">{ticket.seat === null ? t('free_choice') : t('door_in')}</p>
      <p className="text-xl">
        {tOr(`type_${ticket.ticketType}`, ticket.ticketType)}, {showtime.movieTitle}, {showtime.auditoriumName}
      </p>
      {proof && <p className="text-xl font-bold">{t('door_proof', { proof: proof.join(', ') })}</p>}
      <p>
        {booking.checkedInCount} / {booking.ticketCount}
      </p>
    </div>
  )
}

function Stop({ error }: { readonly error: Error }) {
  const { t, clock } = useWords()
  const sentence = useRefusals()(failureCode(error))
  const first = error instanceof RefusedCall ? error.problem.checkedInAt : undefined
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div className="grid gap-3 rounded-2xl bg-[#a11b10] p-6 text-white sm:p-10">
      <p className="marquee text-7xl sm:text-8xl">{t('door_stop')}</p>
      <p className="text-2xl font-bold">{sentence}</p>
      {first !== undefined && <p className="text-xl">{t('door_first', { time: clock(first, zone) })}</p>}
    </div>
  )
}
