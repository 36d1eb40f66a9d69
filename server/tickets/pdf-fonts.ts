import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { create } from 'fontkit'
import { unpackWoff } from './woff.ts'

export type Weight = 'regular' | 'bold'

/** One font file, opened when a letter first needs it. */
export interface Face {
  readonly name: string
  readonly bytes: Buffer
  covers(grapheme: string): boolean
}

/** Fonts that stand in for each other, tried in order; the last draws everything (Unifont: pixels, but readable). */
const subsets = [
  'noto-sans/files/noto-sans-latin',
  'noto-sans/files/noto-sans-latin-ext',
  'noto-sans/files/noto-sans-cyrillic',
  'noto-sans/files/noto-sans-cyrillic-ext',
  'noto-sans/files/noto-sans-greek',
  'noto-sans/files/noto-sans-greek-ext',
  'noto-sans/files/noto-sans-vietnamese',
  'noto-sans/files/noto-sans-devanagari',
  'noto-sans-arabic/files/noto-sans-arabic-arabic',
  'noto-sans-hebrew/files/noto-sans-hebrew-hebrew',
]
const lastResort = 'unifontex/files/unifontex-latin-400-normal.woff'

const opened = new Map<string, Face>()

/** The first font that can draw all of a grapheme; for one that none can, the last. */
export function faceFor(grapheme: string, weight: Weight): Face {
  for (const subset of subsets) {
    const face = openFace(`${subset}-${weight === 'bold' ? '700' : '400'}-normal.woff`)
    if (face.covers(grapheme)) return face
  }
  return openFace(lastResort)
}

function openFace(file: string): Face {
  const known = opened.get(file)
  if (known) return known
  const bytes = unpackWoff(readFileSync(fileURLToPath(import.meta.resolve(`@fontsource/${file}`))))
  const font = create(bytes)
  const face: Face = {
    name: file,
    bytes,
    covers: (grapheme) => [...grapheme].every((letter) => font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)),
  }
  opened.set(file, face)
  return face
}
