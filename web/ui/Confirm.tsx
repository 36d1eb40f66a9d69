import { useId, useRef } from 'react'
import type { ReactNode } from 'react'
import { Refused } from './states.tsx'

interface ConfirmProps {
  /** What the button says that asks. */
  readonly label: string
  readonly question: string
  /** What will happen, before it does. */
  readonly children: ReactNode
  readonly yes: string
  readonly no: string
  readonly act: {
    readonly mutate: () => void
    readonly reset: () => void
    readonly isPending: boolean
    readonly error: unknown
  }
  readonly isDisabled?: boolean
}

/** A button whose deed cannot be taken back: it asks first, in a dialog. The page closes it by what the deed changes. */
export function Confirm({ label, question, children, yes, no, act, isDisabled = false }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const ask = () => {
    act.reset()
    dialog.current?.showModal()
  }
  return (
    <>
      <button type="button" className="button justify-self-start" disabled={isDisabled} onClick={ask}>
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={title} className="dialog">
        <div className="grid gap-4">
          <h2 id={title} className="text-2xl font-bold">
            {question}
          </h2>
          {children}
          {act.error !== null && <Refused error={act.error} retry={act.mutate} />}
          <div className="flex flex-wrap justify-end gap-3">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {no}
            </button>
            <button type="button" className="button button-main" disabled={act.isPending} onClick={act.mutate}>
              {yes}
            </button>
          </div>
        </div>
      </dialog>
    </>
  )
}
