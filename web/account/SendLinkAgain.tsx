import { useMutation } from '@tanstack/react-query'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Failed } from '../ui/states.tsx'

/** Another mail with a link that confirms an email. */
export function SendLinkAgain({ email }: { readonly email: string }) {
  const { t } = useAccountWords()
  const send = useMutation({ mutationFn: () => call('resendVerification', {}) })
  if (send.isSuccess) return <output className="block font-semibold">{t('link_sent', { email })}</output>
  return (
    <>
      <Failed of={send} />
      <button
        type="button"
        className="button justify-self-start"
        disabled={send.isPending}
        onClick={() => send.mutate()}
      >
        {t('send_link_again')}
      </button>
    </>
  )
}
