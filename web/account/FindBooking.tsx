import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { call } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { Field } from '../ui/Field.tsx'
import { navigate } from '../ui/router.tsx'
import { keepToken } from '../ui/stored.ts'
import { Failed } from '../ui/states.tsx'

/** For guests: the reference from the mail and the address it went to. */
export function FindBooking() {
  const { t } = useWords()
  const [reference, setReference] = useState('')
  const [email, setEmail] = useState('')
  const find = useMutation({
    mutationFn: () => call('lookUpBooking', { body: { reference: reference.trim(), email: email.trim() } }),
    onSuccess: (booking) => {
      keepToken(booking.id, booking.accessToken)
      navigate(`/bookings/${booking.id}`)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    find.mutate()
  }
  return (
    <section aria-labelledby="find-booking" className="grid content-start gap-4 lg:pt-8">
      <h2 id="find-booking" className="text-2xl font-bold">
        {t('find_booking')}
      </h2>
      <p className="text-soft">{t('find_booking_text')}</p>
      <form onSubmit={submit} className="grid gap-4">
        <Field
          label={t('reference')}
          required
          maxLength={20}
          autoComplete="off"
          value={reference}
          onChange={setReference}
        />
        <Field label={t('booking_email')} type="email" required maxLength={254} value={email} onChange={setEmail} />
        <Failed of={find} />
        <button type="submit" className="button justify-self-start" disabled={find.isPending}>
          {t('show_booking')}
        </button>
      </form>
    </section>
  )
}
