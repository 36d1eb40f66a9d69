import type { Log } from '../platform/log.ts'

/** Work that comes round: it never overlaps itself, and a failure waits for the next round. */
export interface Job {
  readonly name: string
  readonly everyMs: number
  run(): Promise<unknown>
}

export interface Timetable {
  /** Ends the rounds; answers when the jobs that are running have ended. */
  stop(): Promise<void>
}

/** Starts the rounds; with several servers every one has them, and the database sees to it that work is done once. */
export function startTimetable(jobs: readonly Job[], log: Log): Timetable {
  const running = new Set<Promise<unknown>>()
  const timers = jobs.map((job) => {
    let busy = false
    return setInterval(() => {
      if (busy) return
      busy = true
      const round = job
        .run()
        .catch((error: unknown) => log.warn({ err: error, job: job.name }, 'a round of work failed'))
        .finally(() => {
          busy = false
          running.delete(round)
        })
      running.add(round)
    }, job.everyMs)
  })
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running)
    },
  }
}
