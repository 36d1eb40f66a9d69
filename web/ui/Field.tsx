import { useId } from 'react'
import type { InputHTMLAttributes } from 'react'

type FieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> & {
  readonly label: string
  readonly hint?: string
  /** What is wrong with it, said below. */
  readonly problem?: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A labelled input with room for a hint and for what is wrong below. */
export function Field({ label, hint, problem, onChange, ...input }: FieldProps) {
  const id = useId()
  const about = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <input
        id={id}
        className="field"
        {...(about !== '' && { 'aria-describedby': about })}
        {...(problem !== undefined && { 'aria-invalid': true })}
        {...input}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p id={`${id}-problem`} className="text-sm font-semibold text-accent">
          {problem}
        </p>
      )}
    </div>
  )
}
