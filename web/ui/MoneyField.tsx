import { useState } from 'react'
import { Field } from './Field.tsx'
import { readMoney, writeMoney } from './money.ts'

interface MoneyFieldProps {
  readonly label: string
  readonly currency: string
  /** Minor units; null is nothing. */
  readonly amount: number | null
  /** Hears NaN while what is typed is no sum. */
  readonly onChange: (amount: number | null) => void
  readonly hint?: string
  readonly problem?: string | undefined
  readonly required?: boolean
}

/** A sum as it is typed, with comma or point; the currency stands in the label. */
export function MoneyField({ label, currency, amount, onChange, ...rest }: MoneyFieldProps) {
  const [text, setText] = useState(amount === null ? '' : writeMoney(amount, currency))
  const change = (typed: string) => {
    setText(typed)
    onChange(readMoney(typed, currency))
  }
  return (
    <Field
      label={`${label} (${currency})`}
      inputMode="decimal"
      autoComplete="off"
      pattern="[0-9]+([.,][0-9]+)?"
      value={text}
      onChange={change}
      {...rest}
    />
  )
}
