import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { isTmdbMovie, movieOfTmdb } from '../../catalogue/tmdb.ts'
import { validatorOf } from '../../http/validate.ts'
import type { FieldProblem } from '../../http/validate.ts'
import { AuditoriumLine, MovieLine, ShowtimeLine, TheatreLine } from './lines.ts'
import { readNdjson } from './ndjson.ts'
import { told } from './problems.ts'
import type { LineProblem } from './problems.ts'

/** The files of an import, in the order in which they are read and written. */
export const programmeFiles = ['theatres.ndjson', 'auditoriums.ndjson', 'movies.ndjson', 'showtimes.ndjson'] as const
export type ProgrammeFile = (typeof programmeFiles)[number]

export interface Line<Record> {
  /** Counts from 1. */
  readonly line: number
  readonly record: Record
}

/** Notes what is wrong with a line; nothing is written then. */
export type Complain = (file: ProgrammeFile, line: number, problem: FieldProblem) => void

export interface LinesOf<Record> {
  readonly lines: readonly Line<Record>[]
  /** Every id in the file, also of lines that are wrong otherwise: who refers to those is not wrong. */
  readonly ids: ReadonlySet<string>
}

/** An import as it lies in its folder: each line has the right shape, nothing is known yet of what they say together. */
export interface Programme {
  readonly theatres: LinesOf<TheatreLine>
  readonly auditoriums: LinesOf<AuditoriumLine>
  readonly movies: LinesOf<MovieLine>
  readonly showtimes: LinesOf<ShowtimeLine>
}

/** Reads the four files of a folder and adds what is wrong with single lines to `problems`. */
export async function readProgramme(
  folder: string,
  problems: LineProblem[],
  onRead: (files: number) => void = () => {},
): Promise<Programme> {
  let files = 0
  const read = async <Schema extends TSchema>(file: ProgrammeFile, schema: Schema, rewrite?: Rewrite) => {
    const lines = await readLines(join(folder, file), file, schema, problems, rewrite)
    onRead((files += 1))
    return lines
  }
  return {
    theatres: await read('theatres.ndjson', TheatreLine),
    auditoriums: await read('auditoriums.ndjson', AuditoriumLine),
    movies: await read('movies.ndjson', MovieLine, ourMovie),
    showtimes: await read('showtimes.ndjson', ShowtimeLine),
  }
}

type Members = Readonly<Record<string, unknown>>
/** Turns a record of another make into one of ours. */
type Rewrite = (record: Members) => Members

function ourMovie(record: Members): Members {
  return isTmdbMovie(record) ? movieOfTmdb(record) : record
}

async function readLines<Schema extends TSchema>(
  path: string,
  file: ProgrammeFile,
  schema: Schema,
  problems: LineProblem[],
  rewrite: Rewrite = (record) => record,
): Promise<LinesOf<Static<Schema>>> {
  const lines: Line<Static<Schema>>[] = []
  const firstLines = new Map<string, number>()
  const validator = validatorOf(schema, 'the line')
  const report = (line: number | null, what: string) => problems.push({ file, line, what })
  try {
    for await (const read of readNdjson(createReadStream(path))) {
      if ('problem' in read) {
        report(read.line, read.problem)
        continue
      }
      const { line } = read
      const value = rewrite(read.value)
      const id = value['id']
      const first = typeof id === 'string' ? firstLines.getOrInsert(id, line) : line
      if (first !== line) report(line, `id "${String(id)}" is in line ${first} already`)
      const wrong = validator.problemsOf(value)
      for (const { path: pointer, message } of wrong) report(line, told(pointer, message))
      if (first === line && wrong.length === 0 && Value.Check(schema, value)) lines.push({ line, record: value })
    }
  } catch (error) {
    report(null, reasonOf(error))
  }
  return { lines, ids: new Set(firstLines.keys()) }
}

/** Why a file could not be read; an error that is none of the file system's is a bug and goes on. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'the file is missing (an empty one says that there is nothing of this kind)'
  if (code === 'EISDIR') return 'is a folder, not a file'
  if (code === 'EACCES' || code === 'EPERM') return 'the file may not be read'
  if (typeof code === 'string') return `the file cannot be read (${code})`
  throw error
}
