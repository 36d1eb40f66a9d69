import { useAccountWords } from './words/index.ts'
import { Field } from '../ui/Field.tsx'

interface CurrentPasswordFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** The password that counts, asked for again before what a device that was left open must not do. */
export function CurrentPasswordField({ value, onChange }: CurrentPasswordFieldProps) {
  const { t } = useAccountWords()
  return (
    <Field
      label={t('current_password')}
      type="password"
      autoComplete="current-password"
      required
      value={value}
      onChange={onChange}
    />
  )
}
