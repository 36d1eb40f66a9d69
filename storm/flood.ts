import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What a flood met. Times are milliseconds from the moment a request was due to its whole answer. */
export interface Flooded {
  readonly sent: number
  /** Due while every connection was waiting for an answer: these buyers did not even get a line. */
  readonly unsent: number
  readonly broken: number
  /** Answers that say what came of it. */
  readonly servedMs: readonly number[]
  /** 503 with `Retry-After`. */
  readonly turnedAwayMs: readonly number[]
  /** Any other answer from 500 on, by status: there should be none. */
  readonly errors: ReadonlyMap<string, number>
}

const tickMs = 5
const lastAnswersMs = 10_000

interface Line {
  readonly socket: Socket
  /** When what it asked was due; null: it is free. */
  dueAt: number | null
  /** Is told of each answer. */
  hear(head: string): void
}

/**
 * An open flood: so many requests a second, whatever becomes of those before, as from a crowd that knows nothing of each
 * other. Only to 127.0.0.1. There are so many lines, each with one request at a time, and all are open before it begins.
 * With `Infinity` a second every line asks again as soon as it has its answer: a crowd that waits.
 */
export async function flood(
  port: number,
  perSecond: number,
  seconds: number,
  lineCount: number,
  next: () => Buffer,
): Promise<Flooded> {
  const seen = { sent: 0, unsent: 0, broken: 0, servedMs: [], turnedAwayMs: [], errors: new Map<string, number>() }
  const lines = await Promise.all(Array.from({ length: lineCount }, () => openLine(port)))
  const free = [...lines]
  const startedAt = performance.now()
  const isOver = () => performance.now() - startedAt > seconds * 1000
  const ask = (line: Line, dueAt: number) => {
    line.dueAt = dueAt
    seen.sent += 1
    line.socket.write(next())
  }
  for (const line of lines) {
    line.hear = (head) => {
      note(seen, head, performance.now() - (line.dueAt ?? 0))
      line.dueAt = null
      if (perSecond === Infinity && !isOver()) ask(line, performance.now())
      else free.push(line)
    }
    line.socket.on('close', () => {
      if (line.dueAt !== null) seen.broken += 1
      line.dueAt = null
    })
  }
  if (perSecond === Infinity) for (const line of free.splice(0)) ask(line, performance.now())
  for (let due = 0; !isOver();) {
    const until = perSecond === Infinity ? 0 : ((performance.now() - startedAt) / 1000) * perSecond
    for (; due < until; due += 1) {
      // Whoever has waited longest for a turn.
      const line = free.shift()
      if (line?.socket.writable) ask(line, startedAt + (due / perSecond) * 1000)
      else seen.unsent += 1
    }
    await pause(tickMs)
  }
  const end = performance.now() + lastAnswersMs
  while (performance.now() < end && lines.some(({ dueAt }) => dueAt !== null)) await pause(tickMs)
  for (const { socket } of lines) socket.destroy()
  return seen
}

/** A connection that the server has taken: it has answered on it. */
async function openLine(port: number): Promise<Line> {
  const line: Line = { socket: connect({ port, host: '127.0.0.1', noDelay: true }), dueAt: null, hear: () => undefined }
  readAnswers(line.socket, (head) => line.hear(head))
  await new Promise<void>((resolve, reject) => {
    line.hear = () => resolve()
    line.socket.on('error', reject)
    line.socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
  })
  return line
}

function note(
  seen: { servedMs: number[]; turnedAwayMs: number[]; errors: Map<string, number> },
  head: string,
  tookMs: number,
): void {
  const status = head.slice(9, 12)
  if (status < '500') seen.servedMs.push(tookMs)
  else if (status === '503' && /\r\nretry-after: \d/i.test(head)) seen.turnedAwayMs.push(tookMs)
  else seen.errors.set(status, (seen.errors.get(status) ?? 0) + 1)
}

/** Tells of each whole answer on a connection, by its head. */
function readAnswers(socket: Socket, heard: (head: string) => void): void {
  let pending = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    pending += String(chunk)
    for (;;) {
      const end = pending.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = pending.slice(0, end)
      const length = end + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (pending.length < length) return
      pending = pending.slice(length)
      heard(head)
    }
  })
}
