import { useCallback, useEffect, useRef } from 'react'
import { failureCode } from '../../api.ts'
import { useRefusals } from '../../messages/refusals.ts'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { takeLast, withDeed } from './undo.ts'
import type { Deed, Deeds } from './undo.ts'

interface DeedsAtHand {
  readonly add: (deed: Deed) => void
  /** Whoever takes back the last deed while the house is at work on one means that one. */
  readonly during: <Result>(work: Promise<Result>) => Promise<Result>
  readonly refuse: (error: unknown) => void
}

/** What the hands did on the board: told by a toast, taken back by its button or Ctrl+Z, the last first. */
export function useDeeds(): DeedsAtHand {
  const { t } = useHouseWords()
  const toast = useToast()
  const sentence = useRefusals()
  const deeds = useRef<Deeds>([])
  const working = useRef<Promise<unknown>>(Promise.resolve())
  const during = useCallback(async <Result>(work: Promise<Result>) => {
    working.current = Promise.allSettled([working.current, work])
    return await work
  }, [])
  const refuse = useCallback((error: unknown) => toast({ text: sentence(failureCode(error)) }), [toast, sentence])
  const undo = useCallback(async () => {
    await working.current
    const { last, rest } = takeLast(deeds.current)
    if (!last) return
    deeds.current = rest
    try {
      if (await during(last.undo())) toast({ text: `${t('undone')}: ${last.text}` })
    } catch (error) {
      refuse(error)
    }
  }, [t, toast, refuse, during])
  const undoNow = useRef(undo)
  useEffect(() => {
    undoNow.current = undo
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return
      // A field has an undo of its own.
      if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog')) return
      event.preventDefault()
      void undoNow.current()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  const add = useCallback(
    (deed: Deed) => {
      deeds.current = withDeed(deeds.current, deed)
      toast({ text: deed.text, undo: () => void undoNow.current() })
    },
    [toast],
  )
  return { add, during, refuse }
}
