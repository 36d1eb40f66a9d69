import type { Act } from './sale.ts'
import { useCounterWords } from './words/index.ts'

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** Digits for a thumb: a count or an amount, as the stage has it. */
export function Pad({ act, isMoney }: { readonly act: (done: Act) => void; readonly isMoney: boolean }) {
  const { t } = useCounterWords()
  const type = (...typed: readonly string[]) => typed.forEach((digit) => act({ type: 'digit', digit }))
  return (
    <fieldset className="pad" dir="ltr" aria-label={t('number_keys')}>
      {digits.map((digit) => (
        <button key={digit} type="button" className="pad-key" onClick={() => type(digit)}>
          {digit}
        </button>
      ))}
      {isMoney ? (
        <button type="button" className="pad-key" onClick={() => type('0', '0')}>
          00
        </button>
      ) : (
        <button type="button" className="pad-key pad-quiet" onClick={() => act({ type: 'back' })}>
          {t('clear')}
        </button>
      )}
      <button type="button" className="pad-key" onClick={() => type('0')}>
        0
      </button>
      <button
        type="button"
        className="pad-key pad-quiet"
        aria-label={t('erase')}
        onClick={() => act({ type: 'erase' })}
      >
        ⌫
      </button>
    </fieldset>
  )
}
