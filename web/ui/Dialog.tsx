import { useEffect, useId, useRef } from 'react'
import { createPortal } from 'react-dom'
import type { ReactNode } from 'react'
import { useHouseWords } from './words/index.ts'

interface DialogProps {
  readonly title: string
  readonly close: () => void
  /** `wide` for forms of two columns. */
  readonly size?: 'narrow' | 'wide'
  readonly children: ReactNode
}

/** The browser's own modal dialog: it keeps the focus inside, Escape closes it, and the focus goes back where it was. */
export function Dialog({ title, close, size = 'narrow', children }: DialogProps) {
  const { t } = useHouseWords()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  // Apart from the page: a dialog with a form may be opened from within another form.
  return createPortal(
    <dialog
      ref={dialog}
      aria-labelledby={id}
      className={`sheet ${size === 'wide' ? 'sheet-wide' : ''}`}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
    >
      <div className="sheet-head">
        <h2 id={id} className="marquee text-4xl">
          {title}
        </h2>
        <button type="button" className="icon-button" aria-label={t('close')} title={t('close')} onClick={close}>
          <svg viewBox="0 0 24 24" className="size-5" stroke="currentColor" strokeWidth="2.5" aria-hidden="true">
            <path d="M5 5l14 14M19 5L5 19" />
          </svg>
        </button>
      </div>
      <div className="sheet-body">{children}</div>
    </dialog>,
    document.body,
  )
}
