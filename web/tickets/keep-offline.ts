import { basePath } from '../../contract/api.ts'
import type { Booking } from '../../contract/bookings.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { readStored, writeStored } from '../ui/stored.ts'

const cacheName = 'matinee-tickets'
const listName = 'kept-bookings'

/** Enough of a kept booking to find it again in this browser. */
export interface KeptBooking {
  readonly id: string
  readonly reference: string
  readonly title: string
  readonly startsAt: string
}

/** The bookings that this browser keeps, the next first. */
export function keptBookings(): readonly KeptBooking[] {
  return readStored<readonly KeptBooking[]>(listName, [])
}

/**
 * Lets this browser keep the pages for flight mode; it fetches them beside. Answers when they are there, and false where a
 * browser keeps nothing.
 */
export async function prepareOffline(): Promise<boolean> {
  if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return false
  await navigator.serviceWorker.register('/sw.js')
  // Active means installed, and installed means that it has every file.
  await navigator.serviceWorker.ready
  return true
}

/** Keeps a showtime, for a page that shows it in flight mode. Answers false where a browser keeps nothing. */
export async function keepShowtime(showtime: Listed): Promise<boolean> {
  if (!(await prepareOffline())) return false
  const cache = await caches.open(cacheName)
  const expand = new URLSearchParams({ expand: 'movie,theatre,auditorium' })
  await cache.put(`${basePath}/showtimes/${showtime.id}?${expand}`, asAnswer(showtime))
  return true
}

/**
 * Keeps a paid booking in this browser with all that its page shows: it opens in flight mode. Answers true once that is so,
 * and false where a browser keeps nothing.
 */
export async function keepOffline(booking: Booking, showtime: Listed): Promise<boolean> {
  if (!(await keepShowtime(showtime))) return false
  const cache = await caches.open(cacheName)
  await cache.addAll(booking.tickets.flatMap(({ qrUrl }) => qrUrl ?? []))
  // Last of all: a booking that is kept has everything that its page needs.
  await cache.put(`${basePath}/bookings/${booking.id}`, asAnswer(booking))
  const { id, reference } = booking
  const kept = { id, reference, title: showtime.movie.title, startsAt: showtime.startsAt }
  const all = [...keptBookings().filter((other) => other.id !== id), kept]
  writeStored(
    listName,
    all.toSorted((one, other) => one.startsAt.localeCompare(other.startsAt)),
  )
  return true
}

/** Forgets every kept booking: somebody else may use this browser next. */
export async function forgetOffline(): Promise<void> {
  writeStored(listName, null)
  if ('caches' in globalThis) await caches.delete(cacheName)
}

/** Forgets one booking: there is nothing to show at the door any more. */
export async function dropOffline(bookingId: string): Promise<void> {
  writeStored(
    listName,
    keptBookings().filter(({ id }) => id !== bookingId),
  )
  if ('caches' in globalThis) await (await caches.open(cacheName)).delete(`${basePath}/bookings/${bookingId}`)
}

function asAnswer(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } })
}
