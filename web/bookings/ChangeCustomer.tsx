import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { Field } from '../ui/Field.tsx'
import { fieldProblems, Form } from '../ui/form.tsx'
import type { ActionProps } from './Actions.tsx'
import { useBookingWords } from './words/index.ts'

/** Corrects whom a booking is for; a new address gets the tickets at once. */
export function ChangeCustomer({ booking, hear }: ActionProps) {
  const { t } = useBookingWords()
  const [customer, setCustomer] = useState({
    name: booking.customer.name ?? '',
    email: booking.customer.email ?? '',
    phone: booking.customer.phone ?? '',
  })
  const set = (name: keyof typeof customer) => (value: string) =>
    setCustomer((before) => ({ ...before, [name]: value }))
  const change = useMutation({
    mutationFn: async () => {
      const filled = Object.fromEntries(
        Object.entries(customer).flatMap(([name, value]) => {
          const text = value.trim()
          const isNew =
            text !== '' &&
            text !== (booking.customer[name === 'email' ? 'email' : name === 'name' ? 'name' : 'phone'] ?? '')
          return isNew ? [[name, text]] : []
        }),
      )
      return await call('patchBooking', { params: { id: booking.id }, body: { customer: filled } })
    },
    onSuccess: (after) =>
      hear(after, after.customer.email === booking.customer.email ? t('saved') : t('saved_and_sent')),
  })
  const problem = fieldProblems(change.error)
  return (
    <Form submit={() => change.mutate()} isBusy={change.isPending} error={change.error}>
      <Field label={t('name')} maxLength={200} autoComplete="off" value={customer.name} onChange={set('name')} />
      <Field
        label={t('email')}
        type="email"
        hint={t('email_corrected')}
        autoComplete="off"
        problem={problem('/customer/email')}
        value={customer.email}
        onChange={set('email')}
      />
      <Field
        label={t('phone')}
        type="tel"
        maxLength={40}
        autoComplete="off"
        value={customer.phone}
        onChange={set('phone')}
      />
    </Form>
  )
}
