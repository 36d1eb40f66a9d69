import type { DatabaseLocation } from '../server/database/open.ts'
import { endChild, until as untilSo } from '../server/testing/children.ts'
import { spawnServer } from '../server/testing/spawned-server.ts'
import type { Ended, ServerProcess } from '../server/testing/spawned-server.ts'
import { doorEnvironment } from './ground.ts'
import type { Trade } from './trade.ts'

/** The server of a storm. */
export interface ServerWish {
  readonly location: DatabaseLocation
  /** Settings of the server, above those of a storm. */
  readonly environment?: Readonly<Record<string, string>>
  /** What runs the server: a program and its first arguments. */
  readonly under?: readonly string[]
  /** How the server reaches the database, where that is another way than ours. */
  readonly serverLocation?: DatabaseLocation
  /** Ends it before its time, in order. */
  readonly signal?: AbortSignal
}

/** What a storm can do to its server. */
export interface Weather {
  /** The one that runs now. */
  readonly server: ServerProcess
  readonly url: string
  /** Waits until something is so, or the storm is over; throws where that takes too long. */
  until(isSo: () => boolean, what: string): Promise<void>
  /** Ends the server by a signal, lets `meanwhile` happen to what it left, and starts it again; answers how it ended. */
  restart(signal: NodeJS.Signals, meanwhile?: () => Promise<void>): Promise<Ended>
}

/** Short times, so that holds and bookings lapse while the storm is on. */
export const stormEnvironment = { HOLD_SECONDS: '10', PAYMENT_SECONDS: '4', ...doorEnvironment }

/** The servers of a storm: how long each start after the first took and for how long one was open so far, milliseconds. */
export function startWeather(
  wish: ServerWish,
  trade: Trade,
): Weather & { readonly startsMs: number[]; openMs(): number; bugs(): string[]; end(): void } {
  const environment = { ...stormEnvironment, ...trade.environment, ...wish.environment }
  const servers: ServerProcess[] = []
  const start = () => {
    const under = wish.under && { under: wish.under }
    const started = spawnServer(wish.serverLocation ?? wish.location, { environment, ...under })
    servers.push(started)
    return started
  }
  const startsMs: number[] = []
  let server = start()
  let url = ''
  let isOver = false
  let wasOpenMs = 0
  let openedAt: number | null = null
  const opened = async () => {
    url = await server.url
    trade.opened(url)
    openedAt = performance.now()
  }
  const openMs = () => wasOpenMs + (openedAt === null ? 0 : performance.now() - openedAt)
  void opened().catch(() => undefined)
  return {
    startsMs,
    openMs,
    bugs: () => servers.flatMap(({ bugs }) => bugs),
    get server() {
      return server
    },
    get url() {
      return url
    },
    end() {
      isOver = true
    },
    until: (isSo, what) => untilSo(() => isOver || wish.signal?.aborted === true || isSo(), what),
    async restart(signal, meanwhile) {
      wasOpenMs = openMs()
      openedAt = null
      const ended = await endBy(server, signal)
      await meanwhile?.()
      // Whoever waited for this has gone: nobody would end another one.
      if (isOver) return ended
      const startingAt = performance.now()
      server = start()
      await opened()
      startsMs.push(performance.now() - startingAt)
      return ended
    },
  }
}

/** Sends a signal to a server that this process started, and waits for its end; one that does not end is killed. */
export async function endBy(server: ServerProcess, signal: NodeJS.Signals): ServerProcess['ended'] {
  await endChild(server.child, signal)
  return await server.ended
}
