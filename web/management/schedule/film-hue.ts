/** Degrees on the colour circle: a film has one colour on the board, and two films rarely the same. */
export function hueOf(movieId: string): number {
  let hash = 0x811c9dc5
  for (const letter of movieId) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return ((hash >>> 0) % 24) * 15
}
