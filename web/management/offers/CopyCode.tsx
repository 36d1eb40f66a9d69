import { useRef } from 'react'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { useOfferWords } from './words/index.ts'

/** A code, and a button that copies it. */
export function CopyCode({ code }: { readonly code: string }) {
  const { t } = useOfferWords()
  const shown = useRef<HTMLElement>(null)
  return (
    <span className="code">
      <b ref={shown}>{code}</b>
      <CopyButton text={code} shown={shown} sign={t('copy', { code })} />
    </span>
  )
}
