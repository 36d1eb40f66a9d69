import { useEffect, useState } from 'react'
import { basePath } from '../../contract/api.ts'
import type { Availability, MappedSeat, SeatCounts, SeatStatus } from '../../contract/holds.ts'
import type { Taken } from './choice.ts'

/** How a showtime's places stand at this moment. */
export interface Standing {
  readonly version: number
  readonly taken: Taken
  /** General admission alone. */
  readonly counts: SeatCounts | null
}

interface SeatsEvent {
  readonly version: number
  readonly changed?: readonly { readonly id: string; readonly status: SeatStatus }[]
  readonly counts?: SeatCounts
}

const pollMs = 3000

export function standingOfSeats(version: number, seats: readonly MappedSeat[], counts: SeatCounts | null): Standing {
  const taken = new Map(seats.filter(({ status }) => status !== 'available').map(({ id, status }) => [id, status]))
  return { version, taken, counts }
}

function standingOf(availability: Availability): Standing {
  if ('counts' in availability) return { version: availability.version, taken: new Map(), counts: availability.counts }
  const { version, held, booked, blocked } = availability
  const entries = (ids: readonly string[], status: SeatStatus) => ids.map((id) => [id, status] as const)
  const taken = [...entries(held, 'held'), ...entries(booked, 'booked'), ...entries(blocked, 'blocked')]
  return { version, taken: new Map(taken), counts: null }
}

export function applyEvent(standing: Standing, { version, changed = [], counts }: SeatsEvent): Standing {
  const taken = new Map(standing.taken)
  for (const { id, status } of changed) {
    if (status === 'available') taken.delete(id)
    else taken.set(id, status)
  }
  return { version, taken, counts: counts ?? standing.counts }
}

/**
 * The standing of a showtime from `first` on, pushed by the server; where nothing can be pushed (a proxy in between, an
 * older server) it is asked for every three seconds, at the price of a 304 while nothing happens.
 */
export function useLiveStanding(showtimeId: string, first: Standing): Standing {
  const [standing, setStanding] = useState(first)
  useEffect(() => {
    const address = `${basePath}/showtimes/${encodeURIComponent(showtimeId)}`
    let stopPolling = () => {}
    const events = new EventSource(`${address}/seats/events`)
    const hear = (name: string, take: (data: string) => void) =>
      events.addEventListener(name, ({ data }: MessageEvent<string>) => take(data))
    hear('snapshot', (data) => {
      const now = standingOf(JSON.parse(data))
      // Most often the plan has just been read: nothing is drawn again where nothing has changed.
      setStanding((before) => (before.version === now.version ? before : now))
    })
    hear('seats', (data) => setStanding((before) => applyEvent(before, JSON.parse(data))))
    events.addEventListener('error', () => {
      // While it is only interrupted the browser connects again by itself.
      if (events.readyState === EventSource.CLOSED) stopPolling = poll(`${address}/availability`, setStanding)
    })
    return () => {
      events.close()
      stopPolling()
    }
  }, [showtimeId])
  return standing
}

function poll(url: string, take: (standing: Standing) => void): () => void {
  let etag = ''
  const ask = async () => {
    if (document.hidden) return
    const response = await fetch(url, { headers: etag === '' ? {} : { 'if-none-match': etag }, cache: 'no-store' })
    if (response.status !== 200) return
    etag = response.headers.get('etag') ?? ''
    take(standingOf(await response.json()))
  }
  const askAgain = () => {
    // The next round asks again.
    ask().catch(() => {})
  }
  askAgain()
  const timer = setInterval(askAgain, pollMs)
  return () => clearInterval(timer)
}
