import { useEffect, useLayoutEffect, useState } from 'react'
import type { KeyboardEvent, PointerEvent, RefObject } from 'react'
import { conflictOf, movedTo, neighbourLane, snapInto, stepMs } from './board.ts'
import type { Lane, Place, Slot, Span } from './board.ts'
import type { Screening } from './programme.ts'

/** Pixels before a press becomes a drag. */
const threshold = 4
/** Pixels from the edge of the board at which it scrolls along. */
const edge = 44

/** A showtime on its way: where it would be, and who is there already. */
export interface Preview {
  readonly slot: Slot
  readonly conflict: Screening | undefined
  readonly by: 'hand' | 'keys'
}

interface Grip {
  readonly screening: Screening
  readonly x: number
  readonly y: number
  /** How far into the showtime the hand holds it. */
  readonly intoMs: number
  isDragging: boolean
}

/** The board as it stands on the screen. */
export interface Ground {
  /** Covers the tracks of all halls, and nothing else. */
  readonly layer: RefObject<HTMLUListElement | null>
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly lanes: readonly Lane[]
  readonly span: Span
}

/** The hall and the instant below a point of the screen; outside of the tracks the nearest. */
export function placeBelow({ layer, lanes, span }: Ground, x: number, y: number): Place | null {
  const box = layer.current?.getBoundingClientRect()
  if (!box) return null
  const row = Math.floor(((y - box.top) / box.height) * lanes.length)
  const lane = lanes[Math.min(Math.max(row, 0), lanes.length - 1)]
  if (!lane) return null
  return { auditoriumId: lane.id, startsAt: span.fromMs + ((x - box.left) / box.width) * (span.toMs - span.fromMs) }
}

/** The board goes along with a hand at its edge. */
export function scrollAlong({ scroller }: Ground, x: number): void {
  const box = scroller.current?.getBoundingClientRect()
  if (!box) return
  if (x > box.right - edge) scroller.current?.scrollBy({ left: 14, behavior: 'instant' })
  else if (x < box.left + edge) scroller.current?.scrollBy({ left: -14, behavior: 'instant' })
}

/** What the hand works with: the board, what is on it, and who hears where something was put. */
interface Bench {
  readonly ground: Ground
  readonly screenings: readonly Screening[]
  readonly drop: (screening: Screening, place: Place) => void
  /** Hears of what was dropped on another. */
  readonly refuse: (preview: Preview) => void
}

/** One hand, or one pair of arrow keys, and what it holds. */
class Dragger {
  readonly #show: (preview: Preview | null) => void
  #bench: Bench | null = null
  // Where it is now: a release may come before the last move was painted.
  #current: Preview | null = null
  #grip: Grip | null = null
  #wasDragged = false

  constructor(show: (preview: Preview | null) => void) {
    this.#show = show
  }

  workOn(bench: Bench): void {
    this.#bench = bench
  }

  /** A click that ended a drag opens nothing. */
  isClick(): boolean {
    const was = this.#wasDragged
    this.#wasDragged = false
    return !was
  }

  putBack(): void {
    this.#grip = null
    this.#set(null)
  }

  grab(screening: Screening, event: PointerEvent<HTMLElement>): void {
    const isOnGrip = event.target instanceof Element && event.target.closest('[data-grip]') !== null
    if (event.button !== 0 || (event.pointerType !== 'mouse' && !isOnGrip)) return
    this.#wasDragged = false
    const { clientX: x, clientY: y } = event
    const place = this.#bench && placeBelow(this.#bench.ground, x, y)
    if (!place || screening.status === 'cancelled') return
    event.currentTarget.setPointerCapture(event.pointerId)
    this.#grip = { screening, x, y, intoMs: place.startsAt - screening.startsAt, isDragging: false }
  }

  pull({ clientX: x, clientY: y }: PointerEvent<HTMLElement>): void {
    const [held, bench] = [this.#grip, this.#bench]
    if (!held || !bench) return
    if (!held.isDragging && Math.hypot(x - held.x, y - held.y) < threshold) return
    held.isDragging = true
    this.#wasDragged = true
    scrollAlong(bench.ground, x)
    const place = placeBelow(bench.ground, x, y)
    if (place) this.#put(held.screening, { ...place, startsAt: place.startsAt - held.intoMs }, 'hand')
  }

  letGo(): void {
    const held = this.#grip
    this.#grip = null
    if (held?.isDragging) this.#release(held.screening)
  }

  press(screening: Screening, event: KeyboardEvent): void {
    const moving = this.#current?.slot.id === screening.id ? this.#current.slot : null
    if (moving && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      this.#release(screening)
    } else if (moving && event.key === 'Escape') {
      event.preventDefault()
      this.putBack()
    } else {
      const place = this.#bench && placeByKey(event, moving ?? screening, this.#bench.ground.lanes)
      if (!place) return
      event.preventDefault()
      this.#put(screening, place, 'keys')
    }
  }

  /** Going on to something else drops what the keys have moved. */
  goOn(screening: Screening): void {
    if (this.#current?.by === 'keys') this.#release(screening)
  }

  #set(preview: Preview | null): void {
    this.#current = preview
    this.#show(preview)
  }

  #put(screening: Screening, place: Place, by: Preview['by']): void {
    if (!this.#bench) return
    const { ground, screenings } = this.#bench
    const slot = movedTo(screening, { ...place, startsAt: snapInto(place.startsAt, ground.span) }, ground.lanes)
    this.#set({ slot, conflict: conflictOf(slot, screenings), by })
  }

  #release(screening: Screening): void {
    const last = this.#current
    this.#set(null)
    if (last?.slot.id !== screening.id) return
    const { auditoriumId, startsAt } = last.slot
    if (last.conflict) this.#bench?.refuse(last)
    else if (auditoriumId !== screening.auditoriumId || startsAt !== screening.startsAt) {
      this.#bench?.drop(screening, { auditoriumId, startsAt })
    }
  }
}

/** Where an arrow key takes a slot: five minutes along, an hour with Shift, or to the next hall. */
function placeByKey(event: KeyboardEvent, slot: Slot, lanes: readonly Lane[]): Place | null {
  if (slot.status === 'cancelled' || event.altKey || event.ctrlKey || event.metaKey) return null
  const { auditoriumId, startsAt } = slot
  const step = event.shiftKey ? 12 * stepMs : stepMs
  switch (event.key) {
    case 'ArrowLeft':
      return { auditoriumId, startsAt: startsAt - step }
    case 'ArrowRight':
      return { auditoriumId, startsAt: startsAt + step }
    case 'ArrowUp':
      return { startsAt, auditoriumId: neighbourLane(lanes, auditoriumId, -1) }
    case 'ArrowDown':
      return { startsAt, auditoriumId: neighbourLane(lanes, auditoriumId, 1) }
    default:
      return null
  }
}

/**
 * Moving showtimes by mouse, finger (by the grip, so that the board still scrolls) and keys: with those the arrows move, Enter
 * drops, Escape puts it back.
 */
export function useDragging(bench: Bench) {
  const [preview, setPreview] = useState<Preview | null>(null)
  const [dragger] = useState(() => new Dragger(setPreview))
  useLayoutEffect(() => dragger.workOn(bench))
  const isInHand = preview?.by === 'hand'
  useEffect(() => {
    // What the keys move stays in sight; the hand looks after itself.
    if (preview?.by === 'keys') document.activeElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [preview])
  useEffect(() => {
    if (!isInHand) return undefined
    const listen = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'Escape') dragger.putBack()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [isInHand, dragger])
  return { preview, dragger }
}
