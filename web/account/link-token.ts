import { useEffect } from 'react'
import { navigate, useLocation } from '../ui/router.tsx'

/**
 * The token of a link from a mail. It leaves the address at once, so that no history, no bookmark and no screen that is
 * shared keeps it; this tab alone remembers it, over a reload. Null where there was none.
 */
export function useLinkToken(): string | null {
  const { path, search } = useLocation()
  const linked = search.get('token')
  const name = `matinee.link.${path}`
  useEffect(() => {
    if (linked === null) return
    sessionStorage.setItem(name, linked)
    navigate(path, { replace: true })
  }, [linked, name, path])
  return linked ?? sessionStorage.getItem(name)
}

/** The token has done its work, or never will. */
export function forgetLinkToken(): void {
  sessionStorage.removeItem(`matinee.link.${location.pathname}`)
}
