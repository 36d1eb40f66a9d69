import { createHash } from 'node:crypto'
import { escapeMarkup } from '../platform/escape-markup.ts'

interface Drawn {
  readonly id: string
  readonly title: string
  readonly year: number | null
}

/** Where the poster is that is drawn for a movie without one; another title is another address, so it can be kept for ever. */
export function drawnPosterUrl(movie: Drawn): string {
  return `/media/posters/drawn/${movie.id}-${digestOf(movie)}.svg`
}

/** Which movie a drawn poster's address is of, and of which wording; null for any other address. */
export function parseDrawnName(name: string): { readonly id: string; readonly digest: string } | null {
  const [, id, digest] = /^(mov_[0-9a-z]+)-([0-9a-f]{12})\.svg$/.exec(name) ?? []
  return id === undefined || digest === undefined ? null : { id, digest }
}

/** Part of the address, so that another way of drawing gets other addresses. */
const drawingVersion = 1

export function digestOf(movie: Drawn): string {
  return createHash('sha256')
    .update(`${drawingVersion}\n${movie.title}\n${movie.year ?? ''}`)
    .digest('hex')
    .slice(0, 12)
}

const width = 720
const height = 1080
const maximumLines = 6

/** A poster in the house's manner: the title on a ground whose colour comes from the title. */
export function drawPoster(movie: Drawn): string {
  const hue = Number.parseInt(digestOf(movie).slice(0, 4), 16) % 360
  const { lines, size } = layText(movie.title)
  const top = height / 2 - ((lines.length - 1) * size * 1.15) / 2
  const text = lines
    .map(
      (line, index) =>
        `<text x="360" y="${Math.round(top + index * size * 1.15)}" font-size="${size}">${escapeMarkup(line)}</text>`,
    )
    .join('')
  const year = movie.year === null ? '' : `<text x="360" y="990" font-size="36" opacity=".7">${movie.year}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(movie.title)}">`,
    `<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl(${hue} 45% 32%)"/>`,
    `<stop offset="1" stop-color="hsl(${(hue + 40) % 360} 55% 12%)"/></linearGradient></defs>`,
    `<rect width="${width}" height="${height}" fill="url(#g)"/>`,
    `<rect x="36" y="36" width="648" height="1008" fill="none" stroke="#fff" stroke-opacity=".25" stroke-width="3"/>`,
    `<g fill="#fff" font-family="Georgia, 'Times New Roman', serif" text-anchor="middle">${text}${year}</g></svg>`,
  ].join('')
}

const sizes = [104, 88, 72, 60, 48]

/** Breaks a title into lines that fit, in letters as large as can be without breaking a word (where words have spaces). */
function layText(title: string): { lines: string[]; size: number } {
  const words = title.split(/\s+/u).filter((word) => !wideLetter.test(word))
  for (const size of sizes) {
    const columns = Math.floor(600 / (size * 0.5))
    const lines = wrap(title, columns)
    if (lines.length <= maximumLines && words.every((word) => widthOf(word) <= columns)) return { lines, size }
  }
  return { lines: wrap(title, 26).slice(0, 9), size: 44 }
}

function wrap(title: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of title.split(/\s+/u).filter(Boolean)) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + widthOf(word) < columns) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(...pieces(word, columns))
  }
  return lines
}

const wideLetter =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff00-\uff60]/u

/** How many columns of small letters a text takes: capitals are wider, and those of East Asia twice as wide. */
function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => {
    if (wideLetter.test(letter)) return sum + 2
    if (letter === 'M' || letter === 'W') return sum + 1.8
    return sum + (/\p{Lu}/u.test(letter) ? 1.4 : 1)
  }, 0)
}

/** A word that is wider than a line, in pieces that are not. */
function pieces(word: string, columns: number): string[] {
  const lines = ['']
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    const last = lines.at(-1) ?? ''
    if (last !== '' && widthOf(last) + widthOf(segment) > columns) lines.push(segment)
    else lines[lines.length - 1] = last + segment
  }
  return lines
}
