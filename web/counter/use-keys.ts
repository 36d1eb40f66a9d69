import { useEffect, useRef } from 'react'
import type { Act, Stage } from './sale.ts'

export interface Keys {
  readonly stage: Stage
  /** The ticket type that digits, plus and minus count. */
  readonly active: string
  /** Ticket types by their letter. */
  readonly letters: ReadonlyMap<string, string>
  readonly act: (done: Act) => void
  /** To the showtime above or below. */
  readonly move: (by: -1 | 1) => void
  readonly toggle: (what: 'plan' | 'find' | 'shift' | 'help' | 'print') => void
}

const functionKeys = { F2: 'plan', F4: 'find', '/': 'find', F8: 'shift', F9: 'print', '?': 'help' } as const
const tenderKeys = { k: 'card', v: 'voucher', x: 'comp' } as const

function isOf<Name extends string>(table: Readonly<Record<Name, unknown>>, key: string): key is Name {
  return Object.hasOwn(table, key)
}

/** Whether a key belongs to what has the focus: a field, a dialog, or a button that somebody reached by keyboard. */
function isElsewhere(event: KeyboardEvent): boolean {
  const { target } = event
  if (!(target instanceof Element)) return false
  if (target.closest('input, textarea, select, dialog, summary') !== null) return true
  const acts = event.key === 'Enter' || event.key === ' '
  return acts && target.closest('button, a') !== null && target.matches(':focus-visible')
}

/**
 * The whole till by keyboard. `isOn` turns off the keys that are single characters, for whoever speaks to the computer or
 * hits keys by accident (WCAG 2.1.4).
 */
export function useKeys(keys: Keys, isOn: boolean): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event)) return
      if (!isOn && event.key.length === 1) return
      if (press(event, current.current)) event.preventDefault()
    }
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [isOn])
}

/** Whether the key meant something. */
function press({ key, shiftKey }: KeyboardEvent, { stage, active, letters, act, move, toggle }: Keys): boolean {
  const type = letters.get(key.toUpperCase())
  if (/^\d$/.test(key)) act({ type: 'digit', digit: key })
  else if (key === 'Enter') act({ type: 'enter' })
  else if (key === 'Escape') act({ type: 'back' })
  else if (key === 'Backspace') act({ type: 'erase' })
  else if (isOf(functionKeys, key)) toggle(functionKeys[key])
  else if (stage !== 'choose') {
    const tender = key.toLowerCase()
    if (!isOf(tenderKeys, tender)) return false
    act({ type: 'tender', tender: tenderKeys[tender] })
  } else if (type !== undefined) act({ type: 'add', ticketType: type, by: shiftKey ? -1 : 1 })
  else if (key === '+' || key === '-') act({ type: 'add', ticketType: active, by: key === '+' ? 1 : -1 })
  else if (key === 'ArrowUp' || key === 'ArrowDown') move(key === 'ArrowUp' ? -1 : 1)
  else return false
  return true
}
