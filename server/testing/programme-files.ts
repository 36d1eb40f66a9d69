import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Database } from '../database/database.ts'
import { typeCommand } from './command-line.ts'
import type { TestApp } from './harness.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

export type Lines = Record<'theatres' | 'auditoriums' | 'movies' | 'showtimes', readonly (object | string)[]>

export const rio = { id: 'rio', name: 'Rio', city: 'London', country: 'GB', timeZone: 'Europe/London', currency: 'GBP' }
export const plan = { seating: 'reserved', rows: [{ label: 'A', seats: [{ number: '1' }, { number: '2' }] }] }
export const hall = { id: 'rio-1', theatreId: 'rio', name: 'Screen 1', turnaroundMinutes: 15, layout: plan }
export const film = { id: 'arrival', title: 'The Arrival', runtimeMinutes: 100, genres: ['drama'], year: 2026 }
const basePrice = { amount: 1_200, currency: 'GBP' }

/** The only showtime of a sound programme. */
export const show = { auditoriumId: 'rio-1', movieId: 'arrival', startsAt: '2026-12-01T19:30', basePrice }

const sound: Lines = { theatres: [rio], auditoriums: [hall], movies: [film], showtimes: [show] }

/** A folder with these lines; what is not given is sound. A text stands as it is. */
export function folderOf(lines: Partial<Lines>): string {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-import-'))
  folders.push(folder)
  for (const [file, content] of Object.entries({ ...sound, ...lines })) {
    const text = content.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
    writeFileSync(join(folder, `${file}.ndjson`), text)
  }
  return folder
}

export async function importFrom(house: TestApp, lines: Partial<Lines> | string) {
  const folder = typeof lines === 'string' ? lines : folderOf(lines)
  return await typeCommand(house.location, ['import', folder], { clock: house.clock })
}

/** Every row that an import writes, with all its columns. */
export async function everything(database: Database) {
  const tables = [
    'theatres',
    'auditoriums',
    'layouts',
    'movies',
    'movieGenres',
    'showtimes',
    'showtimeLedgers',
  ] as const
  const rows = tables.map((table) => database.read.selectFrom(table).selectAll().execute())
  return (await Promise.all(rows)).map((table) => table.map((row) => JSON.stringify(row)).toSorted())
}

export const nothing = [[], [], [], [], [], [], []]
