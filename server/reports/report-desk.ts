import { Worker } from 'node:worker_threads'
import type { DatabaseLocation } from '../database/open.ts'
import { createGate } from '../platform/gate.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { ReportOrder } from './model.ts'

/** What goes to the thread that writes a report, and what comes back. */
export type ToThread = { readonly kind: 'order'; readonly order: ReportOrder } | { readonly kind: 'more' }
export type FromThread =
  | { readonly kind: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly message: string }

export interface ReportDesk {
  /**
   * A report, piece by piece, as fast as they are taken; `overloaded` when too many are waiting. Leaving it early ends its
   * work. It throws when it could not be written: a bug, or a database that went away.
   */
  order(order: ReportOrder): Promise<AsyncGenerator<Uint8Array> | Refusal<'overloaded'>>
  close(): Promise<void>
}

const atOnce = 2
const waiting = 8
const idleMilliseconds = 60_000

/** Has reports written in threads of their own, each with a connection of its own: the event loop goes on meanwhile. */
export function createReportDesk(location: DatabaseLocation): ReportDesk {
  const gate = createGate(atOnce, waiting, 'Too many reports are being written.')
  const threads = new Set<Worker>()
  const idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout }[] = []

  function start(): Worker {
    const worker = new Worker(new URL('./report-thread.ts', import.meta.url), { workerData: location })
    threads.add(worker)
    // Whoever reads from it hears of it; an idle thread that ends is only put off the list.
    worker.on('error', () => {})
    worker.once('exit', () => {
      threads.delete(worker)
      forget(worker)
    })
    return worker
  }
  function forget(worker: Worker): void {
    const place = idle.findIndex((entry) => entry.worker === worker)
    if (place >= 0) clearTimeout(idle.splice(place, 1)[0]?.timer)
  }
  function take(): Worker {
    const known = idle.pop()
    if (!known) return start()
    clearTimeout(known.timer)
    known.worker.ref()
    return known.worker
  }
  function putBack(worker: Worker): void {
    worker.unref()
    const timer = setTimeout(() => {
      forget(worker)
      void worker.terminate()
    }, idleMilliseconds).unref()
    idle.push({ worker, timer })
  }

  return {
    async order(order) {
      const turn = Promise.withResolvers<AsyncGenerator<Uint8Array> | Refusal<'overloaded'>>()
      const passed = gate(async () => {
        const { pieces, left } = piecesOf(take(), order, putBack)
        turn.resolve(pieces)
        await left
      })
      void passed.then((refused) => isRefusal(refused) && turn.resolve(refused), turn.reject)
      return await turn.promise
    },
    async close() {
      for (const { timer } of idle.splice(0)) clearTimeout(timer)
      await Promise.all([...threads].map((worker) => worker.terminate()))
    },
  }
}

interface Ordered {
  readonly pieces: AsyncGenerator<Uint8Array>
  /** Settles when the thread is free again, or gone. */
  readonly left: Promise<void>
}

function piecesOf(worker: Worker, order: ReportOrder, putBack: (worker: Worker) => void): Ordered {
  const left = Promise.withResolvers<void>()
  const come: FromThread[] = []
  let heard: () => void = () => {}
  const hear = (message: FromThread) => {
    come.push(message)
    heard()
  }
  const fail = (error: Error) => hear({ kind: 'error', message: error.stack ?? error.message })
  const exited = () => hear({ kind: 'error', message: 'the thread ended before its report' })
  worker.on('message', hear).on('error', fail).on('exit', exited)
  worker.postMessage({ kind: 'order', order } satisfies ToThread)

  async function* read(): AsyncGenerator<Uint8Array> {
    let ended = false
    try {
      for (;;) {
        const message = come.shift()
        if (!message) await new Promise<void>((resume) => (heard = resume))
        else if (message.kind === 'piece') {
          worker.postMessage({ kind: 'more' } satisfies ToThread)
          yield message.bytes
        } else if (message.kind === 'end') {
          ended = true
          return
        } else throw new Error(`a report could not be written: ${message.message}`)
      }
    } finally {
      worker.off('message', hear).off('error', fail).off('exit', exited)
      if (ended) putBack(worker)
      // In the middle of a statement: nothing else stops it.
      else void worker.terminate()
      left.resolve()
    }
  }
  return { pieces: read(), left: left.promise }
}
