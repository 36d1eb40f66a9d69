import { pino } from 'pino'
import type { Bindings, ChildLoggerOptions, DestinationStream, Logger } from 'pino'

export type Log = Logger

/** Names of members that never reach a log line, in what is logged itself or one step below. */
const secretNames: ReadonlySet<string> = new Set([
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'cookie',
  'secret',
  'email',
])
const levelsLookedAt = 2

/** Structured lines (JSON) on standard output, or wherever told; no secrets and no personal data beyond ids. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // Not pino's own `redact`: its wildcards made a third of all that a request left behind for the collector of garbage.
    formatters: { log: (members: Record<string, unknown>) => masked(members, levelsLookedAt) },
    serializers: { err: shownError },
  }
  const log = destination ? pino(options, destination) : pino(options)
  const { child } = log
  // Every child is made by its parent, so that what lines are given with it is masked, too.
  return Object.assign(log, {
    child(this: Log, bindings: Bindings, given?: ChildLoggerOptions) {
      const made: Log = Reflect.apply(child, this, [masked(bindings, levelsLookedAt), given])
      return made
    },
  })
}

/** The same members, or a copy that hides the secret ones; as deep as told. */
function masked(members: Record<string, unknown>, levels: number): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null
  for (const [name, value] of Object.entries(members)) {
    const shown = secretNames.has(name) ? '[hidden]' : levels > 1 && isPlain(value) ? masked(value, levels - 1) : value
    if (shown !== value) (copy ??= { ...members })[name] = shown
  }
  return copy ?? members
}

function shownError(error: unknown): unknown {
  return error instanceof Error ? masked({ ...pino.stdSerializers.err(error) }, levelsLookedAt - 1) : error
}

/** An error is shown, and masked, by its serialiser. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Error)
}
