import { useEffect, useSyncExternalStore } from 'react'
import type { AnchorHTMLAttributes, MouseEvent, Ref } from 'react'

const moved = 'matinee:moved'

function subscribe(listener: () => void): () => void {
  for (const event of ['popstate', moved]) window.addEventListener(event, listener)
  return () => {
    for (const event of ['popstate', moved]) window.removeEventListener(event, listener)
  }
}

/** Path and query of the page, as they change. */
export function useLocation(): { readonly path: string; readonly search: URLSearchParams } {
  const href = useSyncExternalStore(subscribe, () => location.pathname + location.search)
  const [path = '/', query = ''] = href.split('?')
  return { path, search: new URLSearchParams(query) }
}

/** Goes to another page; `replace` takes the place of this one in the browser's history. */
export function navigate(to: string, how: { replace?: boolean } = {}): void {
  const leaves = new URL(to, location.href).pathname !== location.pathname
  if (how.replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  window.dispatchEvent(new Event(moved))
  if (leaves) scrollTo({ top: 0, behavior: 'instant' })
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & {
  readonly href: string
  readonly ref?: Ref<HTMLAnchorElement> | undefined
}

/** A real link that changes the page without loading it again; with a modifier key the browser does as always. */
export function Link({ href, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a href={href} onClick={follow} {...rest}>
      {children}
    </a>
  )
}

/** Sends the browser elsewhere as soon as it is shown. */
export function Redirect({ to }: { readonly to: string }) {
  useEffect(() => navigate(to, { replace: true }), [to])
  return null
}
