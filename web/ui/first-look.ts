/** How many parts of the page wait for what they show. */
let waiting = 0

/** For an effect: as long as somebody waits, the heading that the server wrote stays before the page. */
export function keepFirstLook(): () => void {
  waiting += 1
  return () => {
    waiting -= 1
    // What is shown instead may wait itself.
    queueMicrotask(endFirstLook)
  }
}

/** The page has something to show: what the server wrote in its place goes. */
export function endFirstLook(): void {
  if (waiting === 0) document.getElementById('first-look')?.remove()
}
