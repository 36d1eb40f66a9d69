/** Brings what has just opened into view, also as it grows while its content is read; what is seen already stays where it is. */
export function intoView(element: HTMLElement | null): (() => void) | undefined {
  if (!element) return undefined
  const observer = new ResizeObserver(() => element.scrollIntoView({ block: 'nearest' }))
  observer.observe(element)
  return () => observer.disconnect()
}
