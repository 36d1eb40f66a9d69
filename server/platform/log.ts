import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

export type Log = Logger

/** Names of members that never reach a log line, wherever they stand. */
const secretNames = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'secret', 'email']

/** Structured lines (JSON) on standard output, or wherever told; no secrets and no personal data beyond ids. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
