// @ts-nocheck: a service worker has globals of its own, and `shell` is put before this by the build.
// Tickets and the door without a network. The page and its files are kept as a whole, for each build anew; what a page
// shows of a booking is kept by that page. The house is asked first, and has a moment to answer: a phone in a foyer
// often has a network that leads nowhere.
const ticketCache = 'matinee-tickets'
const shellPrefix = 'matinee-shell-'
const shellCache = shellPrefix + shell.version
const patienceMs = 4000
/** Addresses that are no pages of ours, whatever navigates there. */
const noPages = /^\/(api|media|assets|reference|docs|redoc|help|\.well-known)(\/|$)/

self.addEventListener('install', (event) => event.waitUntil(keepShell()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  // Event streams end when they end; they are never kept.
  if (request.method !== 'GET' || origin !== location.origin || pathname.endsWith('/seats/events')) return
  if (pathname.startsWith('/assets/')) event.respondWith(keptFirst(request))
  else if (request.mode !== 'navigate') event.respondWith(houseFirst(request, request))
  // The door's own answer allows it the camera.
  else if (!noPages.test(pathname)) event.respondWith(houseFirst(request, pathname === '/door' ? '/door' : '/'))
})

/** All or nothing: a worker that is installed has everything that its pages need. */
async function keepShell() {
  const cache = await caches.open(shellCache)
  const requests = shell.files.map((url) => new Request(url, url.startsWith('/assets/') ? {} : { cache: 'no-cache' }))
  await cache.addAll(requests)
  await self.skipWaiting()
}

async function takeOver() {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(shellPrefix) && name !== shellCache)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function find(what) {
  for (const name of [ticketCache, shellCache]) {
    const cache = await caches.open(name)
    const kept = await cache.match(what, { ignoreVary: true })
    if (kept) return kept
  }
  return undefined
}

/** Files whose names change with their content. */
async function keptFirst(request) {
  return (await find(request)) ?? (await fetch(request))
}

async function houseFirst(request, keptAs) {
  const kept = await find(keptAs)
  if (!kept) return await fetch(request)
  const answer = await Promise.race([fetch(request).catch(() => undefined), later(patienceMs)])
  // A house that is starting again knows no better than what is kept.
  return answer && answer.status < 500 ? answer : kept
}

function later(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
