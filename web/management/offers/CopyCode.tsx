import { useToast } from '../../ui/toast.tsx'
import { useOfferWords } from './words/index.ts'

/** A code, and a button that copies it. */
export function CopyCode({ code }: { readonly code: string }) {
  const { t } = useOfferWords()
  const toast = useToast()
  const copy = async () => {
    await navigator.clipboard.writeText(code)
    toast({ text: t('copied', { code }) })
  }
  return (
    <span className="code">
      <b>{code}</b>
      <button type="button" aria-label={t('copy', { code })} title={t('copy', { code })} onClick={() => void copy()}>
        <svg
          viewBox="0 0 24 24"
          className="size-4"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          aria-hidden="true"
        >
          <path d="M9 9h11v11H9zM5 15H4V4h11v1" />
        </svg>
      </button>
    </span>
  )
}
