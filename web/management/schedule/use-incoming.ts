import { useRef, useState } from 'react'
import type { PointerEvent } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import { conflictOf, newSlot, snapInto } from './board.ts'
import type { Slot } from './board.ts'
import type { Screening } from './programme.ts'
import { placeBelow, scrollAlong } from './use-dragging.ts'
import type { Ground } from './use-dragging.ts'

/** A film in the hand; `slot` is where it would be, null while it is not over the board. */
export interface Incoming {
  readonly film: Movie
  readonly slot: Slot | null
  readonly conflict: Screening | undefined
}

const threshold = 6

/** Films dragged from the shelf onto the board: by mouse, or by a finger that moves up and not along. */
export function useIncoming(
  ground: Ground,
  screenings: readonly Screening[],
  trailerMinutes: number,
  drop: (film: Movie, slot: Slot) => void,
  refuse: (incoming: Incoming) => void,
) {
  const [incoming, setIncoming] = useState<Incoming | null>(null)
  const held = useRef<{ readonly film: Movie; readonly x: number; readonly y: number } | null>(null)
  const current = useRef<Incoming | null>(null)
  const wasDragged = useRef(false)
  const show = (next: Incoming | null) => {
    current.current = next
    setIncoming(next)
  }
  const over = (film: Movie, x: number, y: number): Incoming => {
    const box = ground.scroller.current?.getBoundingClientRect()
    const isOver = box && x > box.left && x < box.right && y > box.top && y < box.bottom
    const place = isOver ? placeBelow(ground, x, y) : null
    const lane = ground.lanes.find(({ id }) => id === place?.auditoriumId)
    if (!place || !lane) return { film, slot: null, conflict: undefined }
    const startsAt = snapInto(place.startsAt, ground.span)
    const slot = newSlot({ ...place, startsAt }, trailerMinutes + film.runtimeMinutes, lane)
    return { film, slot, conflict: conflictOf(slot, screenings) }
  }
  const leave = () => {
    held.current = null
    show(null)
  }
  const handlersOf = (film: Movie) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      wasDragged.current = false
      held.current = { film, x: event.clientX, y: event.clientY }
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const { clientX: x, clientY: y } = event
      if (!held.current || (!current.current && Math.hypot(x - held.current.x, y - held.current.y) < threshold)) return
      wasDragged.current = true
      const next = over(film, x, y)
      if (next.slot) scrollAlong(ground, x)
      show(next)
    },
    onPointerUp() {
      const last = current.current
      leave()
      if (last?.slot && last.conflict) refuse(last)
      else if (last?.slot) drop(film, last.slot)
    },
    onPointerCancel: leave,
  })
  /** A click that ended a drag opens nothing. */
  const isClick = () => {
    const was = wasDragged.current
    wasDragged.current = false
    return !was
  }
  return { incoming, handlersOf, isClick }
}
