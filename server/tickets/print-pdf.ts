import { Worker } from 'node:worker_threads'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { PdfSize, ReceiptDocument, TicketsDocument } from './model.ts'

export type PdfOrder =
  | { readonly kind: 'tickets'; readonly document: TicketsDocument; readonly size: PdfSize }
  | { readonly kind: 'receipt'; readonly document: ReceiptDocument }

/** What goes to the printing thread, and what comes back. */
export interface PrintRequest {
  readonly number: number
  readonly order: PdfOrder
}
export type Printed =
  | { readonly number: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly number: number; readonly error: string }

export interface PdfPress {
  /** The finished PDF; `busy` when too many are waiting. Throws when the document could not be drawn: a bug. */
  print(order: PdfOrder): Promise<Buffer | Refusal<'busy'>>
  close(): Promise<void>
}

const maximumWaiting = 100
/** Fonts take memory: a press that nobody uses is put away. */
const idleMilliseconds = 60_000

interface Waiting {
  readonly resolve: (bytes: Buffer) => void
  readonly reject: (error: Error) => void
}

/** Prints PDFs in a thread of its own, started with the first order, so that the event loop goes on meanwhile. */
export function createPdfPress(): PdfPress {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let idleTimer: NodeJS.Timeout | undefined
  let number = 0

  function stop(): Promise<unknown> {
    const stopping = worker?.terminate() ?? Promise.resolve()
    worker = null
    return stopping
  }
  function fail(failed: Worker, error: Error): void {
    if (worker === failed) worker = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  function start(): Worker {
    const started = new Worker(new URL('./pdf-worker.ts', import.meta.url))
    started.on('message', (printed: Printed) => {
      const order = waiting.get(printed.number)
      waiting.delete(printed.number)
      if ('bytes' in printed) order?.resolve(Buffer.from(printed.bytes.buffer))
      else order?.reject(new Error(`this could not be printed: ${printed.error}`))
      if (waiting.size > 0) return
      started.unref()
      idleTimer = setTimeout(() => void stop(), idleMilliseconds).unref()
    })
    started.on('error', (error) => fail(started, error instanceof Error ? error : new Error(String(error))))
    started.on('exit', () => {
      if (worker === started) fail(started, new Error('the printing thread ended'))
    })
    return started
  }

  return {
    async print(order) {
      if (waiting.size >= maximumWaiting)
        return refuse('busy', 'Too many prints are waiting.', { retryAfterSeconds: 2 })
      clearTimeout(idleTimer)
      worker ??= start()
      worker.ref()
      number += 1
      const mine = number
      const printed = new Promise<Buffer>((resolve, reject) => waiting.set(mine, { resolve, reject }))
      worker.postMessage({ number: mine, order } satisfies PrintRequest)
      return printed
    },
    async close() {
      clearTimeout(idleTimer)
      const left = worker
      await stop()
      if (left) fail(left, new Error('the server closed before this was printed'))
    },
  }
}
