// Before the first paint, so that nobody who reads in the light sees a dark flash, and nobody words of another language.
{
  const root = document.documentElement
  try {
    root.dataset.theme = localStorage.getItem('matinee.theme') === 'light' ? 'light' : 'dark'
    const chosen = JSON.parse(localStorage.getItem('matinee.language') ?? '""')
    const asked = new URLSearchParams(location.search).get('lang')
    const written = document.querySelector('meta[name="look"]')?.getAttribute('content')
    // Without a network the page of another address may stand in; and who has chosen a language reads that one.
    if (written !== location.pathname || (chosen && !asked && chosen !== root.lang)) root.dataset.look = 'other'
  } catch {
    root.dataset.theme = 'dark'
  }
}
// Where the server has written a heading, the scripts and what they read wait until it is painted: it need not share a slow line.
{
  /** Longer than a style sheet takes on a line on which waiting is worth it. */
  const patienceMs = 1500
  let isDue = false
  const begin = () => {
    isDue = true
    const waiting = document.querySelector('script[type="module-later"]')
    if (!waiting) return
    for (const link of document.querySelectorAll('link[rel$="-later"]')) {
      link.setAttribute('rel', link.getAttribute('rel')?.replace('-later', '') ?? '')
    }
    const script = document.createElement('script')
    script.type = 'module'
    script.crossOrigin = 'anonymous'
    script.src = waiting.getAttribute('src') ?? ''
    waiting.replaceWith(script)
  }
  const isUnseen = () => document.hidden || document.documentElement.dataset.look === 'other'
  addEventListener('DOMContentLoaded', () => (isDue || isUnseen()) && begin())
  document.addEventListener('visibilitychange', begin)
  setTimeout(begin, patienceMs)
  new PerformanceObserver((seen) => {
    if (seen.getEntriesByName('first-contentful-paint').length > 0) begin()
  }).observe({ type: 'paint', buffered: true })
}
