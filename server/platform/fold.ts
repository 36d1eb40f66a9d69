/** Letters that Unicode does not take apart into a base and a mark. */
const letters: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ĸ: 'k',
  ł: 'l',
  ŋ: 'n',
  ß: 'ss',
  ŧ: 't',
}

/**
 * Text as people type and sort it: no case, no accents, no punctuation, single spaces. Columns that are searched or
 * sorted hold this, so that both engines answer alike. An apostrophe joins (`Schindler's` is `schindlers`), other signs part.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[æœøđðþħıĸłŋßŧ]/gu, (letter) => letters[letter] ?? letter)
    .replaceAll(/['’‘ʼ`´]/gu, '')
    .replaceAll('&', ' and ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** What a search looks through: the folded texts, and each without its spaces, so that `spiderman` finds Spider-Man. */
export function searchTextOf(texts: readonly (string | null | undefined)[]): string {
  const folded = texts.flatMap((text) => (text ? [fold(text)] : [])).filter((text) => text !== '')
  const joined = folded.filter((text) => text.includes(' ')).map((text) => text.replaceAll(' ', ''))
  return [...folded, ...joined].join('\n')
}

/** The most words of a search that count. */
const maximumWords = 10

/** The folded words of a search: all of them must occur in a search text; none finds everything. */
export function searchWords(query: string): string[] {
  return [...new Set(fold(query).split(' '))].filter((word) => word !== '').slice(0, maximumWords)
}
