import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Field } from '../ui/Field.tsx'
import { Failed, Notice } from '../ui/states.tsx'
import { Card, sends } from './Card.tsx'
import { CurrentPasswordField } from './CurrentPasswordField.tsx'
import { SendLinkAgain } from './SendLinkAgain.tsx'
import type { Me } from './SettingsPage.tsx'

/** Name and email; an email that was not confirmed says so. */
export function DetailsSection({ me }: { readonly me: Me }) {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const [name, setName] = useState(me.name)
  const [email, setEmail] = useState(me.email)
  const [password, setPassword] = useState('')
  // Whoever has the email can set a password: a device that was left open is not enough.
  const isOther = email.trim().toLowerCase() !== me.email.toLowerCase()
  const proof = isOther ? { currentPassword: password } : {}
  const save = useMutation({
    mutationFn: () => call('updateMe', { body: { name: name.trim(), email: email.trim(), ...proof } }),
    onSuccess: (saved) => {
      setPassword('')
      queries.setQueryData(['me'], saved)
    },
  })
  return (
    <Card title={t('details_title')}>
      {!me.emailVerified && (
        <Notice title={t('unverified_title')}>
          <p>{t('unverified_text', { email: me.email })}</p>
          <SendLinkAgain key={me.email} email={me.email} />
        </Notice>
      )}
      <form onSubmit={sends(save)} className="grid gap-4">
        <Field label={t('name')} autoComplete="name" required maxLength={200} value={name} onChange={setName} />
        <Field
          label={t('email')}
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          value={email}
          onChange={setEmail}
        />
        {isOther && <CurrentPasswordField value={password} onChange={setPassword} />}
        <Failed of={save} />
        <p className="flex flex-wrap items-center gap-4">
          <button type="submit" className="button" disabled={save.isPending}>
            {t('save')}
          </button>
          <output className="text-good">{save.isSuccess && t('saved')}</output>
        </p>
      </form>
    </Card>
  )
}
