// @ts-nocheck: a service worker has globals of its own.
// Tickets without a network: what the booking page kept is answered from here when the house cannot be reached.
const name = 'matinee-tickets'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

async function fromHouseOrKept(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const cache = await caches.open(name)
    const kept = await cache.match(request.mode === 'navigate' ? '/' : request, { ignoreVary: true })
    if (kept) return kept
    throw error
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  // Event streams end when they end; they are never kept.
  if (request.method !== 'GET' || request.url.endsWith('/seats/events')) return
  event.respondWith(fromHouseOrKept(request))
})
