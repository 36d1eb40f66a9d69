import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call, isRefused } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Field } from '../ui/Field.tsx'
import { Link } from '../ui/router.tsx'
import { Failed } from '../ui/states.tsx'
import { OneThing, sends } from './Card.tsx'
import { leave } from './leave.ts'
import { forgetLinkToken, useLinkToken } from './link-token.ts'

/** Where the link of a mail leads whose reader forgot a password. */
export function ResetPasswordPage() {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const token = useLinkToken()
  const [newPassword, setPassword] = useState('')
  const reset = useMutation({
    mutationFn: () => call('resetPassword', { body: { token: token ?? '', newPassword } }),
    onSuccess: () => {
      forgetLinkToken()
      leave(queries)
    },
  })
  if (reset.isSuccess) {
    return (
      <OneThing title={t('reset_done_title')}>
        <p className="text-soft">{t('reset_done_text')}</p>
        <Link href="/account" className="button button-main justify-self-start">
          {t('sign_in')}
        </Link>
      </OneThing>
    )
  }
  if (token === null || isRefused(reset.error, 'token_used')) {
    return (
      <OneThing title={t('link_over_title')}>
        <p className="text-soft">{t('reset_over_text')}</p>
        <Link href="/forgot-password" className="button button-main justify-self-start">
          {t('send_link')}
        </Link>
      </OneThing>
    )
  }
  return (
    <OneThing title={t('reset_title')}>
      <form onSubmit={sends(reset)} className="grid gap-4">
        <Field
          label={t('new_password')}
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          hint={t('password_hint')}
          value={newPassword}
          onChange={setPassword}
        />
        <Failed of={reset} />
        <button type="submit" className="button button-main justify-self-start" disabled={reset.isPending}>
          {t('reset_do')}
        </button>
      </form>
    </OneThing>
  )
}
