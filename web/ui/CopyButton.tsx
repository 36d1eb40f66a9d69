import { useState } from 'react'
import type { RefObject } from 'react'
import { useHouseWords } from './words/index.ts'

interface CopyButtonProps {
  readonly text: string
  /** Where the text stands: selected when the browser does not let the page copy, so that the keys can. */
  readonly shown: RefObject<HTMLElement | null>
  /** Its name, where only a sign has room. */
  readonly sign?: string
}

/** Copies a text, and says so to whoever sees or listens, also within a dialog, which no toast reaches. */
export function CopyButton({ text, shown, sign }: CopyButtonProps) {
  const { t } = useHouseWords()
  const [outcome, setOutcome] = useState<'copied' | 'copy_refused' | null>(null)
  const copy = async () => {
    // Said anew, also when it is copied a second time.
    setOutcome(null)
    try {
      // There is none without a secure connection.
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current)
      setOutcome('copy_refused')
    }
  }
  const isCopied = outcome === 'copied'
  const named = sign === undefined ? { className: 'button' } : { 'aria-label': sign, title: sign }
  return (
    <>
      <button type="button" {...named} onClick={() => void copy()}>
        {sign === undefined ? t(isCopied ? 'copied' : 'copy') : <Sign isCopied={isCopied} />}
      </button>
      <output className={isCopied ? 'sr-only' : 'text-sm text-soft'}>{outcome && t(outcome)}</output>
    </>
  )
}

function Sign({ isCopied }: { readonly isCopied: boolean }) {
  return (
    <svg viewBox="0 0 24 24" className="size-4" fill="none" stroke="currentColor" strokeWidth="2" aria-hidden="true">
      <path d={isCopied ? 'M4 12l6 6L20 6' : 'M9 9h11v11H9zM5 15H4V4h11v1'} />
    </svg>
  )
}
