import { useCallback, useEffect, useRef } from 'react'

const least = 0.6
const most = 3
/** Of one press on a button. */
const buttonStep = 1.35
/** Of one pixel of a wheel, in natural logarithms. */
const wheelStep = 0.0022

interface Point {
  readonly x: number
  readonly y: number
}

function between([one, other]: readonly Point[]): { readonly distance: number; readonly middle: Point } | null {
  if (!one || !other) return null
  const middle = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }
  return { distance: Math.hypot(one.x - other.x, one.y - other.y), middle }
}

/**
 * Zooms a plan by two fingers, by the wheel with Ctrl (which is what a trackpad's pinch is), and by buttons; what is under the
 * fingers stays there. Only a property of the style sheet changes: two thousand seats are not drawn anew by React.
 */
export function useZoom() {
  const hall = useRef<HTMLDivElement>(null)
  const zoom = useRef(1)

  const zoomTo = useCallback((wanted: number, at?: Point) => {
    const place = hall.current
    if (!place) return
    const next = Math.min(Math.max(wanted, least), most)
    const box = place.getBoundingClientRect()
    const x = at ? at.x - box.left : place.clientWidth / 2
    const y = at ? at.y - box.top : place.clientHeight / 2
    const across = (place.scrollLeft + x) / place.scrollWidth
    const down = (place.scrollTop + y) / place.scrollHeight
    zoom.current = next
    place.style.setProperty('--zoom', String(next))
    place.scrollLeft = across * place.scrollWidth - x
    place.scrollTop = down * place.scrollHeight - y
  }, [])

  useEffect(() => {
    const place = hall.current
    if (!place) return undefined
    // A hall wider than the phone begins with its middle: that is where one wants to sit.
    place.scrollLeft = (place.scrollWidth - place.clientWidth) / 2
    const fingers = new Map<number, Point>()
    let begun: { readonly distance: number; readonly zoom: number } | null = null
    const listening = new AbortController()
    const { signal } = listening
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      zoomTo(zoom.current * Math.exp(-event.deltaY * wheelStep), { x: event.clientX, y: event.clientY })
    }
    const onDown = (event: PointerEvent) => {
      if (event.pointerType !== 'touch') return
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
      const pair = between([...fingers.values()])
      begun = pair && { distance: pair.distance, zoom: zoom.current }
    }
    const onMove = (event: PointerEvent) => {
      if (!fingers.has(event.pointerId)) return
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY })
      const pair = between([...fingers.values()])
      if (begun && pair) zoomTo((begun.zoom * pair.distance) / begun.distance, pair.middle)
    }
    const onUp = (event: PointerEvent) => {
      fingers.delete(event.pointerId)
      begun = null
    }
    // React listens passively: the page itself would zoom as well.
    place.addEventListener('wheel', onWheel, { passive: false, signal })
    place.addEventListener('pointerdown', onDown, { signal })
    place.addEventListener('pointermove', onMove, { signal })
    for (const end of ['pointerup', 'pointercancel'] as const) place.addEventListener(end, onUp, { signal })
    return () => listening.abort()
  }, [zoomTo])

  const turn = useCallback((by: number) => zoomTo(zoom.current * buttonStep ** by), [zoomTo])
  return { hall, turn }
}
