import type { Sink } from './command.ts'
import { outputColumns } from './output.ts'

export interface Progress {
  /** So much of the work is done now, of `total`. */
  advance(done: number): void
  /** Takes the bar off the screen. */
  finish(): void
}

const barWidth = 30

/** A bar that is redrawn in place on a terminal; nothing at all where the output is piped. */
export function showProgress(sink: Sink, label: string, total: number): Progress {
  if (!sink.isTTY || total <= 0) return { advance() {}, finish() {} }
  const columns = Math.min(sink.columns ?? outputColumns, outputColumns) - 1
  let shown = -1
  return {
    advance(done) {
      const percent = Math.floor((Math.min(done, total) / total) * 100)
      if (percent === shown) return
      shown = percent
      const filled = Math.round((percent / 100) * barWidth)
      const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
      sink.write(`\r${`${label} ${bar} ${String(percent).padStart(3)} %`.slice(0, columns)}`)
    },
    finish() {
      if (shown >= 0) sink.write(`\r${' '.repeat(columns)}\r`)
      shown = -1
    },
  }
}
