import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Field } from '../ui/Field.tsx'
import { Link } from '../ui/router.tsx'
import { Failed } from '../ui/states.tsx'
import { OneThing, sends } from './Card.tsx'

/** Asks for a link to a new password. The answer is the same whether or not there is an account. */
export function ForgotPasswordPage() {
  const { t } = useAccountWords()
  const [email, setEmail] = useState('')
  const send = useMutation({ mutationFn: () => call('forgotPassword', { body: { email: email.trim() } }) })
  if (send.isSuccess) {
    return (
      <OneThing title={t('forgot_sent_title')}>
        <output className="block text-soft">{t('forgot_sent_text', { email: email.trim() })}</output>
        <Link href="/account" className="button justify-self-start">
          {t('sign_in')}
        </Link>
      </OneThing>
    )
  }
  return (
    <OneThing title={t('forgot_title')}>
      <p className="text-soft">{t('forgot_text')}</p>
      <form onSubmit={sends(send)} className="grid gap-4">
        <Field
          label={t('email')}
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          value={email}
          onChange={setEmail}
        />
        <Failed of={send} />
        <button type="submit" className="button button-main justify-self-start" disabled={send.isPending}>
          {t('send_link')}
        </button>
      </form>
    </OneThing>
  )
}
