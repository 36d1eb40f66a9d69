/**
 * The order in which the words of one line stand on paper, where some are written from right to left. Whole words only:
 * enough for titles and names (the full rules are Unicode's UAX 9).
 */
type Direction = 'left-to-right' | 'right-to-left'

const rightToLeftLetter = /[\p{Script=Hebrew}\p{Script=Arabic}]/u
const anyLetter = /\p{L}/u

/** Of a word's first letter; null for digits and signs, which go with their neighbours. */
export function directionOf(word: string): Direction | null {
  const letter = anyLetter.exec(word)?.[0]
  if (letter === undefined) return null
  return rightToLeftLetter.test(letter) ? 'right-to-left' : 'left-to-right'
}

/** Words and the spaces between them from left to right. The first letter of the line gives it its direction. */
export function inReadingOrder(words: readonly string[]): string[] {
  const lineDirection = directionOf(words.join('')) ?? 'left-to-right'
  const groups: { direction: Direction; words: string[] }[] = []
  for (const word of words) {
    const last = groups.at(-1)
    const direction = directionOf(word) ?? last?.direction ?? lineDirection
    if (last?.direction === direction) last.words.push(word)
    else groups.push({ direction, words: [word] })
  }
  if (lineDirection === 'right-to-left') groups.reverse()
  return groups.flatMap((group) => (group.direction === 'right-to-left' ? group.words.toReversed() : group.words))
}
