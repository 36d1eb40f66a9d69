import { Worker } from 'node:worker_threads'
import { OutcomeUnknown } from '../database/database.ts'
import { assert } from '../platform/assert.ts'
import type { BatchReport, LedgerOrder } from './thread-messages.ts'

export interface WritingThread {
  /** Has commands written; several orders may be under way. Throws `OutcomeUnknown` when the thread ends before it has answered. */
  write(order: LedgerOrder): Promise<BatchReport>
  close(): Promise<void>
}

interface Running {
  readonly resolve: (report: BatchReport) => void
  readonly reject: (error: Error) => void
}

/**
 * The ledger's thread for a SQLite file: started with the first order, and again with the next one should it ever end.
 * `onStart` is told each time.
 */
export function createWritingThread(path: string, onStart: () => void): WritingThread {
  let worker: Worker | null = null
  // Answered in the order in which they were sent.
  let running: Running[] = []

  function end(ended: Worker, cause: unknown): void {
    if (worker !== ended) return
    worker = null
    const lost = running
    running = []
    for (const { reject } of lost) {
      reject(new OutcomeUnknown('The thread of the seat ledger ended while it was writing', { cause }))
    }
  }
  function start(): Worker {
    onStart()
    const started = new Worker(new URL('./ledger-thread.ts', import.meta.url), { workerData: path })
    started.on('message', (text: string) => {
      const reports: BatchReport[] = JSON.parse(text)
      for (const report of reports) {
        const order = running.shift()
        assert(order, 'The thread answered what nobody had asked')
        order.resolve(report)
      }
      // With nothing under way it keeps no process alive.
      if (running.length === 0) started.unref()
    })
    started.on('error', (error) => end(started, error))
    started.on('exit', (code) => end(started, code))
    return started
  }

  return {
    write: (order) =>
      new Promise((resolve, reject) => {
        worker ??= start()
        if (running.length === 0) worker.ref()
        running.push({ resolve, reject })
        worker.postMessage(JSON.stringify(order))
      }),
    async close() {
      await worker?.terminate()
    },
  }
}
