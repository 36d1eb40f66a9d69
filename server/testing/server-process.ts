import { onTestFinished } from 'vitest'
import type { DatabaseLocation } from '../database/open.ts'
import { endChild } from './children.ts'
import { spawnServer } from './spawned-server.ts'
import type { ServerProcess, ServerWish } from './spawned-server.ts'

/** Starts a server on a database; it is killed when the test ends, if it still runs. */
export function startServerProcess(location: DatabaseLocation, wish: ServerWish = {}): ServerProcess {
  const server = spawnServer(location, wish)
  onTestFinished(() => endChild(server.child, 'SIGKILL'))
  return server
}
