import { useEffect } from 'react'

/** Keeps the screen on while a page is shown that is held under a scanner or read from afar. */
export function useAwake(): void {
  useEffect(() => {
    if (!('wakeLock' in navigator)) return undefined
    let lock: WakeLockSentinel | null = null
    let isLeft = false
    const ask = async () => {
      if (document.hidden) return
      const got = await navigator.wakeLock.request('screen')
      if (isLeft) await got.release()
      else lock = got
    }
    // A battery that is nearly empty says no; the page does as well without. Coming back to it asks again.
    const askAgain = () => void ask().catch(() => {})
    askAgain()
    document.addEventListener('visibilitychange', askAgain)
    return () => {
      isLeft = true
      document.removeEventListener('visibilitychange', askAgain)
      void lock?.release().catch(() => {})
    }
  }, [])
}
