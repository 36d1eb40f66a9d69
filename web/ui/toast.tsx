import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useHouseWords } from './words/index.ts'

interface Toast {
  readonly text: string
  readonly undo?: (() => void) | undefined
}
type Show = (toast: Toast) => void
const Context = createContext<Show | null>(null)

/** Says what has just happened, read out politely; with `undo` it offers the way back. */
export function useToast(): Show {
  const show = useContext(Context)
  if (!show) throw new Error('No toasts around this component')
  return show
}

/** Long enough to read a sentence twice and to reach the button (WCAG 2.2.1 asks for nothing that only this offers). */
const shownMs = 12_000

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toast, setToast] = useState<(Toast & { readonly number: number }) | null>(null)
  const count = useRef(0)
  const show = useCallback<Show>((shown) => {
    count.current += 1
    setToast({ ...shown, number: count.current })
  }, [])
  return (
    <Context value={show}>
      {children}
      <output className="toast-place">
        {toast && <Shown key={toast.number} toast={toast} hide={() => setToast(null)} />}
      </output>
    </Context>
  )
}

function Shown({ toast, hide }: { readonly toast: Toast; readonly hide: () => void }) {
  const { t } = useHouseWords()
  const [isHeld, setHeld] = useState(false)
  const hideNow = useRef(hide)
  useEffect(() => {
    hideNow.current = hide
  })
  useEffect(() => {
    if (isHeld) return undefined
    const timer = setTimeout(() => hideNow.current(), shownMs)
    return () => clearTimeout(timer)
  }, [isHeld])
  const { text, undo } = toast
  return (
    <span
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{text}</span>
      {undo && (
        <button
          type="button"
          className="toast-undo"
          onClick={() => {
            hide()
            undo()
          }}
        >
          {t('undo')}
        </button>
      )}
    </span>
  )
}
