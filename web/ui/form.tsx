import { useId } from 'react'
import type { FormEvent, ReactNode, TextareaHTMLAttributes } from 'react'
import { RefusedCall } from '../../contract/client.ts'
import { Refused } from './states.tsx'
import { useHouseWords } from './words/index.ts'

/** What the house said about each field of a body, by its path (`/title`, `/prices/0/price`); a part of a field counts for it. */
export function fieldProblems(error: unknown): (path: string) => string | undefined {
  const errors = error instanceof RefusedCall ? (error.problem.errors ?? []) : []
  return (path) => errors.find((each) => each.path === path || each.path.startsWith(`${path}/`))?.message
}

interface FormProps {
  readonly submit: () => void
  readonly isBusy: boolean
  readonly error: unknown
  /** On the button; "Save" unless it says more. */
  readonly label?: string
  /** On the button while it is busy; "Saving …" unless it says more. */
  readonly busyLabel?: string
  /** What stands beside the button. */
  readonly beside?: ReactNode
  readonly children: ReactNode
}

/** A form of the house: its fields, what was refused, one button. */
export function Form({ submit, isBusy, error, label, busyLabel, beside, children }: FormProps) {
  const { t } = useHouseWords()
  const send = (event: FormEvent) => {
    event.preventDefault()
    // A dialog's form is no part of the form that opened it.
    event.stopPropagation()
    if (!isBusy) submit()
  }
  return (
    <form onSubmit={send} className="grid grid-cols-1 gap-5">
      {children}
      {error !== null && error !== undefined && <Refused error={error} retry={submit} />}
      <div className="sheet-foot">
        {beside}
        <button type="submit" className="button button-main ms-auto" disabled={isBusy}>
          {isBusy ? (busyLabel ?? t('saving')) : (label ?? t('save'))}
        </button>
      </div>
    </form>
  )
}

interface SelectFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly problem?: string | undefined
  readonly required?: boolean
}

/** One of a few, with the browser's own list. */
export function SelectField({ label, value, onChange, options, problem, required }: SelectFieldProps) {
  const id = useId()
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <select
        id={id}
        className="field"
        value={value}
        required={required}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  )
}

type TextFieldProps = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'> & {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly problem?: string | undefined
}

/** Paragraphs. */
export function TextField({ label, onChange, problem, ...input }: TextFieldProps) {
  const id = useId()
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <textarea
        id={id}
        className="field"
        rows={4}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        {...input}
        onChange={(event) => onChange(event.target.value)}
      />
      <Problem id={`${id}-problem`} text={problem} />
    </div>
  )
}

/** What is wrong with a field, below it. */
export function Problem({ id, text }: { readonly id: string; readonly text: string | undefined }) {
  if (text === undefined) return null
  return (
    <p id={id} className="text-sm font-semibold text-accent">
      {text}
    </p>
  )
}
