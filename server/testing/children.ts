import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'

/** What this process started and has not seen end. */
const running = new Set<ChildProcess>()
process.once('exit', killChildren)

/**
 * Starts a process that ends with this one at the latest. It never has our own output: a frozen one that kept it open
 * would have everybody wait who reads that. What it says on its error stream is passed on unless somebody else reads it.
 */
export function startChild(
  program: string,
  args: readonly string[],
  options: Omit<SpawnOptions, 'stdio'> & { readonly readsErrors?: boolean } = {},
): ChildProcess {
  const { readsErrors = false, ...others } = options
  const child = spawn(program, args, { ...others, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  for (const end of ['exit', 'error'] as const) child.once(end, () => running.delete(child))
  if (!readsErrors) child.stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk))
  return child
}

/** Kills whatever still runs, frozen or not. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Tells when somebody asks this process to end. Asked a second time it ends at once, and takes what it started along. */
export function stopOnSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
  return stop.signal
}

/** Asks a process to end by a signal; one that has not ended in time is killed. Answers when it has ended. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals, patienceMs = 60_000): Promise<void> {
  if (!running.has(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  const kill = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await ended
  clearTimeout(kill)
}

/** What `work` answers; throws where that takes longer than anybody waits for it. */
export async function within<Result>(limitMs: number, what: string, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Looks again and again until something is so; throws where that takes longer than anybody waits for it. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string, limitMs = 60_000): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs} ms`)
    await new Promise((resume) => setTimeout(resume, 20))
  }
}
