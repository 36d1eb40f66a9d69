import type { MovieInput } from '../../../contract/catalogue.ts'

/** A film as a file has it, and the line (or place in the list) where it stands. */
export interface FilmInFile {
  readonly line: number
  readonly film: MovieInput
}

export interface FilmsInFile {
  readonly films: readonly FilmInFile[]
  /** Lines that are no film: without a title or a runtime, or unreadable. */
  readonly unreadable: readonly number[]
}

const texts = [
  'title',
  'originalTitle',
  'overview',
  'certification',
  'releaseDate',
  'originalLanguage',
  'distributor',
  'posterUrl',
  'trailerUrl',
  'status',
] as const
const numbers = ['year', 'runtimeMinutes'] as const
const lists = ['genres', 'directors', 'cast'] as const

/** Films in a file: JSON (a list, or an object with `data`), a JSON object on each line, or CSV with a line of headings. */
export function readFilms(text: string): FilmsInFile {
  const plain = text.replace(/^\uFEFF/, '').trim()
  const rows = plain.startsWith('[') || plain.startsWith('{') ? readJson(plain) : readCsv(plain)
  const read = rows.map(({ line, row }) => ({ line, film: filmOf(row) }))
  return {
    films: read.flatMap(({ line, film }) => (film ? [{ line, film }] : [])),
    unreadable: read.flatMap(({ line, film }) => (film ? [] : [line])),
  }
}

interface Row {
  readonly line: number
  readonly row: unknown
}

function readJson(text: string): Row[] {
  const whole = parse(text)
  const list: unknown = isRecord(whole) && Array.isArray(whole['data']) ? whole['data'] : whole
  if (Array.isArray(list)) return list.map((row: unknown, index) => ({ line: index + 1, row }))
  if (list !== undefined) return [{ line: 1, row: list }]
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line: index + 1, row: parse(line) }]))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Comma or semicolon, as the first line has it; quotes as RFC 4180. */
function readCsv(text: string): Row[] {
  const [first = ''] = text.split('\n', 1)
  const comma = first.includes(';') && !first.includes(',') ? ';' : ','
  const [headings, ...lines] = cellsOf(text, comma)
  return lines
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
    .map(({ line, cells }) => ({
      line,
      row: Object.fromEntries((headings?.cells ?? []).map((name, index) => [name.trim(), cells[index] ?? ''])),
    }))
}

function cellsOf(text: string, comma: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  let line = 1
  let row = { line, cells: [] as string[] }
  const pattern = new RegExp(`("(?:[^"]|"")*"|[^${comma}\\r\\n]*)(${comma}|\\r?\\n|$)`, 'gy')
  for (const [whole, cell = '', end] of text.matchAll(pattern)) {
    row.cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell.trim())
    line += whole.split('\n').length - 1
    if (end === comma) continue
    rows.push(row)
    if (end === '') break
    row = { line, cells: [] }
  }
  return rows
}

/** Only what a film has; what a file leaves empty is not said. */
function filmOf(row: unknown): MovieInput | undefined {
  if (!isRecord(row)) return undefined
  const film: Record<string, unknown> = {}
  for (const name of texts) if (typeof row[name] === 'string' && row[name].trim() !== '') film[name] = row[name].trim()
  for (const name of numbers) {
    const value = Number(row[name] === '' || row[name] === null ? Number.NaN : row[name])
    if (Number.isInteger(value)) film[name] = value
  }
  for (const name of lists) {
    const value = listOf(row[name])
    if (value.length > 0) film[name] = value
  }
  return isFilm(film) ? film : undefined
}

function listOf(value: unknown): string[] {
  const parts: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[;|]/) : []
  return parts.flatMap((part) => (typeof part === 'string' && part.trim() !== '' ? [part.trim()] : []))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFilm(film: Record<string, unknown>): film is Record<string, unknown> & MovieInput {
  return typeof film['title'] === 'string' && typeof film['runtimeMinutes'] === 'number'
}
