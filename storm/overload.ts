import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseLocation } from '../server/database/open.ts'
import { auditProblems } from '../server/testing/ledger-check.ts'
import { spawnServer } from '../server/testing/spawned-server.ts'
import { flood } from './flood.ts'
import type { Flooded } from './flood.ts'
import { furnish, watching } from './ground.ts'
import { endBy } from './weather.ts'

export interface OverloadWish {
  readonly location: DatabaseLocation
  /** How long the flood lasts. */
  readonly seconds: number
  /** So many times what the server can serve. */
  readonly times: number
}

export interface OverloadReport {
  /** Holds a second that 64 patient clients got. */
  readonly capacity: number
  readonly flooded: Flooded
  /** Served a second while it lasted. */
  readonly servedPerSecond: number
  /** Processors that each kept busy from its first request to its last answer; the server's is null where the system does not tell. */
  readonly processors: { readonly server: number | null; readonly client: number }
  /** Memory before the flood and the most there was, MiB; null where the system does not tell. */
  readonly memoryMiB: readonly [before: number, most: number] | null
  /** How late the event loop was while it lasted, milliseconds: median, 99th of a hundred, worst. */
  readonly loopLateMs: readonly number[]
  /** From the end of the flood to the first hold, milliseconds. */
  readonly recoveredMs: number
  /** What the ledger says afterwards. */
  readonly problems: readonly string[]
}

const calmConnections = 64
const calmSeconds = 2
/**
 * So many lines for each hold a second that it serves: a server lets in what it serves in a quarter of a second, and a flood with
 * fewer lines than that, each waiting for its answer, turns into a patient crowd that nobody need be turned away from.
 */
const linesPerHold = 1.5
const fewestLines = 2000
/** Both ends of a line are files of this machine. */
const mostLines = 8000
/** Of 2,000 seats each: enough for all that are asked for, or the flood would measure how fast people hear that theirs are gone. */
const hallsPerSecond = 7

/** Lets far more people ask for seats than a server can serve, and looks what becomes of them, and of it. */
export async function overload({ location, seconds, times }: OverloadWish): Promise<OverloadReport> {
  const halls = Math.ceil((2 * calmSeconds + seconds) * hallsPerSecond)
  const { reserved } = await watching(location, (watcher) => furnish(watcher, halls))
  const server = spawnServer(location, {
    environment: { HOLD_SECONDS: '60' },
  })
  try {
    const url = await server.url
    const { port } = new URL(url)
    let asked = 0
    const nextHold = () => {
      const { id = '', rows = 1, seats = 1 } = reserved[asked % reserved.length] ?? {}
      const place = Math.floor(asked / reserved.length) % (rows * seats)
      asked += 1
      return holdRequest(id, `R${1 + Math.floor(place / seats)}-${1 + (place % seats)}`)
    }
    // A server that has just started is slower.
    await flood(Number(port), Infinity, calmSeconds, calmConnections, nextHold)
    const calm = await flood(Number(port), Infinity, calmSeconds, calmConnections, nextHold)
    const capacity = Math.round(calm.servedMs.length / calmSeconds)
    const before = memoryOf(server.child.pid)
    await loopLateness(url)
    const lines = Math.round(Math.min(mostLines, Math.max(fewestLines, capacity * linesPerHold)))
    const processorsUsed = watchProcessors(server.child.pid)
    const flooded = await flood(Number(port), capacity * times, seconds, lines, nextHold)
    const processors = processorsUsed()
    const recoveredMs = await untilServed(url, nextHold)
    const loopLateMs = await loopLateness(url)
    const most = memoryOf(server.child.pid)
    await endBy(server, 'SIGTERM')
    const problems = await watching(location, ({ database }) => auditProblems(database, Date.now()))
    return {
      capacity,
      flooded,
      servedPerSecond: Math.round(flooded.servedMs.length / seconds),
      processors,
      memoryMiB: before && most && [before.now, most.most],
      loopLateMs,
      recoveredMs,
      problems,
    }
  } finally {
    await endBy(server, 'SIGKILL')
  }
}

function holdRequest(showtimeId: string, seat: string): Buffer {
  const body = JSON.stringify({ seats: [seat] })
  const head = [
    `POST /api/v1/showtimes/${showtimeId}/holds HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** Asks one after the other until somebody is served. */
async function untilServed(url: string, next: () => Buffer): Promise<number> {
  const startedAt = performance.now()
  for (;;) {
    const { servedMs } = await flood(Number(new URL(url).port), 20, 0.05, 1, next)
    if (servedMs.length > 0) return performance.now() - startedAt
    if (performance.now() - startedAt > 60_000) throw new Error('Nobody was served any more')
    await pause(50)
  }
}

/** How late the event loop has been since this was asked the last time, milliseconds. */
export async function loopLateness(url: string): Promise<number[]> {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(30_000) })).text()
  const found = text.matchAll(/^matinee_event_loop_delay_seconds\{quantile="[\d.]+"\} (\S+)$/gm)
  return [...found].map(([, seconds]) => Math.round(Number(seconds) * 1000))
}

/** What a process has in memory, and had at most, MiB; null where the system does not tell. */
function memoryOf(pid: number | undefined): { readonly now: number; readonly most: number } | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  return { now: mebibytes('VmRSS'), most: mebibytes('VmHWM') }
}

/** How much of a processor a process has used since then, and this one. */
function watchProcessors(pid: number | undefined): () => { readonly server: number | null; readonly client: number } {
  const startedAt = performance.now()
  const before = { server: processorMs(pid), client: process.cpuUsage() }
  return () => {
    const tookMs = performance.now() - startedAt
    const { user, system } = process.cpuUsage(before.client)
    const now = processorMs(pid)
    return {
      server: now === null || before.server === null ? null : (now - before.server) / tookMs,
      client: (user + system) / 1000 / tookMs,
    }
  }
}

/** The time that a process has had a processor, milliseconds; null where the system does not tell. */
function processorMs(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  // In hundredths of a second, whatever the machine's own tick.
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** At which time this share of them was done, milliseconds. */
export function quantile(tookMs: readonly number[], share: number): number {
  const sorted = tookMs.toSorted((one, other) => one - other)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}

/** An overload in words. */
export function overloadInWords(report: OverloadReport): string {
  const { capacity, flooded, servedPerSecond, processors, memoryMiB, loopLateMs, recoveredMs } = report
  const { sent, unsent, broken, servedMs, turnedAwayMs, errors } = flooded
  const times = (tookMs: readonly number[]) => `p50 ${quantile(tookMs, 0.5)} ms, p99 ${quantile(tookMs, 0.99)} ms`
  return [
    `${capacity} holds a second when all wait for their answers`,
    `${sent} asked in the flood, ${unsent} found no line free, ${broken} broken`,
    `${servedMs.length} served (${servedPerSecond} a second; ${times(servedMs)})`,
    `${turnedAwayMs.length} turned away (${times(turnedAwayMs)})`,
    `errors: ${errors.size === 0 ? 'none' : [...errors].map(([status, count]) => `${count} × ${status}`).join(', ')}`,
    `processors: ${processors.server?.toFixed(2) ?? 'not known'} the server, ${processors.client.toFixed(2)} the client`,
    ...(memoryMiB ? [`memory ${memoryMiB[0]} MiB before, ${memoryMiB[1]} MiB at most`] : []),
    `event loop late by ${loopLateMs.join(', ')} ms (median, p99, worst)`,
    `served again ${Math.round(recoveredMs)} ms after it`,
  ].join('; ')
}
