import { basePath } from '../../contract/api.ts'
import type { Booking } from '../../contract/bookings.ts'
import type { Listed } from '../catalogue/showtimes.ts'

const cacheName = 'matinee-tickets'

function asAnswer(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } })
}

/** What was kept since the page was loaded: the same booking with the same codes is kept once. */
const kept = new Set<string>()

/** Keeps a paid booking in this browser, with its codes and the page that shows them: it opens in flight mode. */
export async function keepOffline(booking: Booking, showtime: Listed): Promise<void> {
  if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return
  const content = [booking.id, ...booking.tickets.map(({ code }) => code)].join(' ')
  // Writing an entry again leaves a moment without it, in which the network may go.
  if (kept.has(content)) return
  kept.add(content)
  await navigator.serviceWorker.register('/sw.js')
  const cache = await caches.open(cacheName)
  const loaded = performance.getEntriesByType('resource').map((entry) => entry.name)
  const own = loaded.filter(
    (url) => url.startsWith(`${location.origin}/assets/`) || url === `${location.origin}/theme.js`,
  )
  const codes = booking.tickets.flatMap(({ qrUrl }) => qrUrl ?? [])
  const expand = new URLSearchParams({ expand: 'movie,theatre,auditorium' })
  await cache.put(`${basePath}/showtimes/${booking.showtimeId}?${expand}`, asAnswer(showtime))
  await cache.addAll(['/', ...new Set([...own, ...codes])])
  // Last of all: a booking that is kept has everything that its page needs.
  await cache.put(`${basePath}/bookings/${booking.id}`, asAnswer(booking))
}

/** Forgets every kept booking: somebody else may use this browser next. */
export async function forgetOffline(): Promise<void> {
  kept.clear()
  if ('caches' in globalThis) await caches.delete(cacheName)
}
