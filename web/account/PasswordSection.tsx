import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Field } from '../ui/Field.tsx'
import { Failed, Notice } from '../ui/states.tsx'
import { Card, sends } from './Card.tsx'
import { CurrentPasswordField } from './CurrentPasswordField.tsx'

/** Another password, for whoever knows the one that counts. */
export function PasswordSection({ email }: { readonly email: string }) {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  const change = useMutation({
    mutationFn: () => call('changePassword', { body: { currentPassword, newPassword } }),
    onSuccess: async () => {
      setCurrent('')
      setNew('')
      await queries.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
  return (
    <Card title={t('password_title')}>
      <form onSubmit={sends(change)} className="grid gap-4">
        {/* Tells a password manager whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <CurrentPasswordField value={currentPassword} onChange={setCurrent} />
        <Field
          label={t('new_password')}
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          hint={t('password_hint')}
          value={newPassword}
          onChange={setNew}
        />
        <Failed of={change} />
        {change.isSuccess && <Notice tone="good" title={t('password_changed')} />}
        <button type="submit" className="button justify-self-start" disabled={change.isPending}>
          {t('change_password')}
        </button>
      </form>
    </Card>
  )
}
