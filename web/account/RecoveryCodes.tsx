import { useRef } from 'react'
import { useAccountWords } from './words/index.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { saveAs } from '../ui/save-as.ts'
import { Notice } from '../ui/states.tsx'

interface RecoveryCodesProps {
  readonly codes: readonly string[]
  readonly email: string
  readonly done: () => void
}

/** Shown once, until their reader says that they are kept. */
export function RecoveryCodes({ codes, email, done }: RecoveryCodesProps) {
  const { t } = useAccountWords()
  const shown = useRef<HTMLUListElement>(null)
  const text = `Matinee, ${email}\n\n${codes.join('\n')}\n`
  return (
    <Notice tone="good" title={t('recovery_title')}>
      <p>{t('recovery_text')}</p>
      <ul ref={shown} className="grid gap-x-8 gap-y-1 font-mono text-ink sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <CopyButton text={text} shown={shown} />
        <button
          type="button"
          className="button"
          onClick={() => saveAs('matinee-recovery-codes.txt', new Blob([text], { type: 'text/plain' }))}
        >
          {t('recovery_save')}
        </button>
        <button type="button" className="button button-main" onClick={done}>
          {t('recovery_done')}
        </button>
      </div>
    </Notice>
  )
}
