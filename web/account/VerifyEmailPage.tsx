import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, isRefused } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { useMe } from '../session.ts'
import { Link } from '../ui/router.tsx'
import { Failed } from '../ui/states.tsx'
import { OneThing } from './Card.tsx'
import { forgetLinkToken, useLinkToken } from './link-token.ts'
import { SendLinkAgain } from './SendLinkAgain.tsx'

/** Where the link of a mail leads. Opening it does nothing yet, for scanners of mails open links: a press does. */
export function VerifyEmailPage() {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const token = useLinkToken()
  const verify = useMutation({
    mutationFn: () => call('verifyEmail', { body: { token: token ?? '' } }),
    onSuccess: async () => {
      forgetLinkToken()
      await queries.invalidateQueries()
    },
  })
  if (verify.isSuccess) {
    return (
      <OneThing title={t('verified_title')}>
        <p className="text-soft">{t('verified_text')}</p>
        <Link href="/account" className="button button-main justify-self-start">
          {t('my_tickets')}
        </Link>
      </OneThing>
    )
  }
  if (token === null || isRefused(verify.error, 'token_used', 'validation_failed')) return <VerifyOver />
  return (
    <OneThing title={t('verify_title')}>
      <p className="text-soft">{t('verify_text')}</p>
      <Failed of={verify} />
      <button
        type="button"
        className="button button-main justify-self-start"
        disabled={verify.isPending}
        onClick={() => verify.mutate()}
      >
        {t('verify_do')}
      </button>
    </OneThing>
  )
}

/** A used or old link: whoever is signed in is sent another one at once. */
function VerifyOver() {
  const { t } = useAccountWords()
  const { me } = useMe()
  return (
    <OneThing title={t('link_over_title')}>
      <p className="text-soft">{t('verify_over_text')}</p>
      {me === null ? (
        <Link href="/account?next=/account/settings" className="button button-main justify-self-start">
          {t('sign_in')}
        </Link>
      ) : me.emailVerified ? (
        <Link href="/account" className="button button-main justify-self-start">
          {t('my_tickets')}
        </Link>
      ) : (
        <SendLinkAgain email={me.email} />
      )}
    </OneThing>
  )
}
