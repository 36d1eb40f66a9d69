import type PdfDocument from 'pdfkit'
import { faceFor } from './pdf-fonts.ts'
import type { Face, Weight } from './pdf-fonts.ts'
import { directionOf, inReadingOrder } from './reading-order.ts'

/**
 * Text in a PDF for whatever language a title is in: each word is drawn by fonts that have its letters; lines are wrapped and
 * cut here, because a line may take several fonts.
 */
export type Page = InstanceType<typeof PdfDocument>

export interface TextStyle {
  readonly weight: Weight
  /** Points. */
  readonly size: number
  readonly color?: string
}

export type Align = 'left' | 'center' | 'right'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Scripts written without spaces, whose lines may break between any two letters. */
const spaceless = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Width of one line in points. */
export function widthOf(page: Page, text: string, style: TextStyle): number {
  return runsOf(text, style.weight).reduce((sum, run) => sum + runWidth(page, run, style.size), 0)
}

/** Draws one line on a baseline; `x` is its left end, middle or right end, as `align` says. */
export function drawLine(
  page: Page,
  text: string,
  x: number,
  baseline: number,
  style: TextStyle,
  align: Align = 'left',
): void {
  const width = widthOf(page, text, style)
  let at = align === 'left' ? x : align === 'center' ? x - width / 2 : x - width
  for (const word of inReadingOrder(text.match(/\S+|\s+/gu) ?? [])) {
    for (const run of runsOf(word, style.weight)) {
      const advance = runWidth(page, run, style.size)
      const place = { lineBreak: false, baseline: 'alphabetic' } as const
      if (run.text.trim() !== '') page.fillColor(style.color ?? '#000000').text(run.text, at, baseline, place)
      at += advance
    }
  }
}

/** Breaks text into lines of at most `width` points; what does not fit in `maximumLines` ends in an ellipsis. */
export function wrap(page: Page, text: string, style: TextStyle, width: number, maximumLines: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of piecesOf(text)) {
    if (line !== '' && widthOf(page, (line + piece).trimEnd(), style) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += piece
    while (widthOf(page, line.trimEnd(), style) > width) {
      const head = headThatFits(page, line, style, width)
      if (head === line) break
      lines.push(head)
      line = line.slice(head.length)
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  if (lines.length <= maximumLines) return lines
  const rest = lines.slice(maximumLines - 1).join(' ')
  const room = width - widthOf(page, '…', style)
  return [...lines.slice(0, maximumLines - 1), `${headThatFits(page, rest, style, room).trimEnd()}…`]
}

/** The largest of the offered sizes at which text keeps to the lines without cutting a word; the last one, cut, when none does. */
export function fit(
  page: Page,
  text: string,
  weight: Weight,
  sizes: readonly number[],
  width: number,
  maximumLines: number,
): { readonly lines: readonly string[]; readonly size: number } {
  for (const size of sizes) {
    const style = { weight, size }
    const whole = piecesOf(text).every((piece) => widthOf(page, piece.trimEnd(), style) <= width)
    const lines = wrap(page, text, style, width, maximumLines + 1)
    if (whole && lines.length <= maximumLines) return { lines, size }
  }
  const size = sizes.at(-1) ?? 8
  return { lines: wrap(page, text, { weight, size }, width, maximumLines), size }
}

interface Run {
  readonly face: Face
  readonly text: string
}

/** Pieces of one font each; within a word that is read from the right, the first stands rightmost. */
function runsOf(text: string, weight: Weight): Run[] {
  const runs: { face: Face; text: string }[] = []
  for (const { segment } of graphemes.segment(text)) {
    const face = faceFor(segment, weight)
    const last = runs.at(-1)
    if (last?.face === face) last.text += segment
    else runs.push({ face, text: segment })
  }
  return directionOf(text) === 'right-to-left' ? runs.toReversed() : runs
}

function runWidth(page: Page, run: Run, size: number): number {
  useFace(page, run.face)
  return page.fontSize(size).widthOfString(run.text)
}

const registered = new WeakMap<Page, Set<string>>()

function useFace(page: Page, face: Face): void {
  const names = registered.get(page) ?? new Set()
  registered.set(page, names)
  if (!names.has(face.name)) {
    page.registerFont(face.name, face.bytes)
    names.add(face.name)
  }
  page.font(face.name)
}

/** Words with the spaces that follow them. */
function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|\s+/gu) ?? []
}

/** Where a line may break: after words, and between letters of scripts that have no spaces. */
function piecesOf(text: string): string[] {
  return wordsOf(text).flatMap((word) =>
    spaceless.test(word) ? Array.from(graphemes.segment(word), ({ segment }) => segment) : [word],
  )
}

/** The longest beginning that fits; at least one letter. */
function headThatFits(page: Page, text: string, style: TextStyle, width: number): string {
  let head = ''
  for (const { segment } of graphemes.segment(text)) {
    if (head !== '' && widthOf(page, head + segment, style) > width) return head
    head += segment
  }
  return head
}
