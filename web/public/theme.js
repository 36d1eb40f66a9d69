// Before the first paint, so that nobody who reads in the light sees a dark flash.
{
  const root = document.documentElement
  try {
    root.dataset.theme = localStorage.getItem('matinee.theme') === 'light' ? 'light' : 'dark'
    root.lang = localStorage.getItem('matinee.locale') ?? 'en'
  } catch {
    root.dataset.theme = 'dark'
  }
}
