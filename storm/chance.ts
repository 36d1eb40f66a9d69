/** From 0 to below 1, the same for the same name and question: a storm with the same seed makes the same wishes. */
export function chance(name: string, question: string): number {
  let hash = 2_166_136_261
  for (const character of `${question} ${name}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}
