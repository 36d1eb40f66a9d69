import { Worker } from 'node:worker_threads'
import type { LogHelper } from './log-keeper.ts'

interface Running {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** The thread that moves the write-ahead log of a SQLite file: started with its first pass, and anew with the next one should it ever end. */
export function createCheckpointHelper(path: string, start = startCheckpointThread): LogHelper {
  let worker: Worker | null = null
  let running: Running | null = null

  function settle(error: Error | null): void {
    const ended = running
    running = null
    if (error) ended?.reject(error)
    else ended?.resolve()
  }
  function startAgain(): Worker {
    const started = start(path)
    const end = (cause: unknown) => {
      if (worker !== started) return
      worker = null
      settle(new Error('The thread of the write-ahead log ended', { cause }))
    }
    started.on('message', (failure: string | null) => settle(failure === null ? null : new Error(failure)))
    started.on('error', end)
    started.on('exit', end)
    return started
  }

  return {
    pass: () =>
      new Promise((resolve, reject) => {
        running = { resolve, reject }
        worker ??= startAgain()
        worker.postMessage(null)
      }),
  }
}

/** The thread itself. */
export function startCheckpointThread(path: string): Worker {
  return new Worker(new URL('./checkpoint-thread.ts', import.meta.url), { workerData: path })
}
