import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { Form, TextField } from '../ui/form.tsx'
import type { ActionProps } from './Actions.tsx'
import { useBookingWords } from './words/index.ts'

/** What the house has to know about a booking; the customer never sees it. */
export function Notes({ booking, hear }: ActionProps) {
  const { t } = useBookingWords()
  const [notes, setNotes] = useState(booking.notes ?? '')
  const save = useMutation({
    mutationFn: async () =>
      await call('patchBooking', { params: { id: booking.id }, body: { notes: notes.trim() === '' ? null : notes } }),
    onSuccess: (after) => hear(after, t('saved')),
  })
  return (
    <Form submit={() => save.mutate()} isBusy={save.isPending} error={save.error}>
      <TextField label={t('notes')} maxLength={2000} value={notes} onChange={setNotes} />
    </Form>
  )
}
