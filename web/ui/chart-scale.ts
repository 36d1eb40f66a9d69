/** Round marks of an axis from at most zero to at least the largest value; about as many as asked for. */
export function ticksOf(least: number, most: number, about: number): number[] {
  const low = Math.min(0, least)
  const high = Math.max(0, most)
  const span = high - low
  if (span === 0) return [0]
  const rough = span / Math.max(1, about)
  const ten = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((times) => times * ten >= rough) ?? 10) * ten
  const ticks: number[] = []
  for (let tick = Math.floor(low / step) * step; tick < high + step; tick += step) ticks.push(tick)
  return ticks
}

/** Every how many columns a label fits, given so many columns and room for so many labels. */
export function labelEvery(columns: number, room: number): number {
  return Math.max(1, Math.ceil(columns / Math.max(1, room)))
}
