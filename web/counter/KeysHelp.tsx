import { Dialog } from '../ui/Dialog.tsx'
import { useCounterWords } from './words/index.ts'

interface KeysHelpProps {
  /** Name and letter of each ticket type. */
  readonly types: readonly (readonly [name: string, letter: string | null])[]
  readonly isOn: boolean
  readonly turn: (isOn: boolean) => void
  readonly close: () => void
}

/** What every key does. Keys that are single characters can be turned off. */
export function KeysHelp({ types, isOn, turn, close }: KeysHelpProps) {
  const { t, list } = useCounterWords()
  const letters = types.flatMap(([, letter]) => letter ?? [])
  const rows: readonly (readonly [string, string])[] = [
    ['0–9', t('key_digits')],
    [letters.join(' '), t('key_letters', { types: list(types.map(([name]) => name)) })],
    ['+ −', t('key_plus')],
    ['↑ ↓', t('key_arrows')],
    ['⏎', t('key_enter')],
    ['Esc', t('key_escape')],
    ['K V X', t('key_tenders')],
    ['F2', t('key_plan')],
    ['F4 /', t('find')],
    ['F8', t('shift')],
    ['F9', t('print_tickets')],
  ]
  return (
    <Dialog title={t('keys')} close={close}>
      <p className="mb-4 text-lg">{t('keys_example')}</p>
      <dl className="key-list">
        {rows.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-5 flex items-center gap-3 font-semibold">
        <input
          type="checkbox"
          className="size-5 accent-accent"
          checked={isOn}
          onChange={(event) => turn(event.target.checked)}
        />
        {t('single_keys')}
      </label>
      <p className="text-sm text-soft">{t('single_keys_text')}</p>
    </Dialog>
  )
}
