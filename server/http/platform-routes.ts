import * as contract from '../../contract/platform.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { DatabaseDamaged } from '../database/database.ts'
import type { Database } from '../database/database.ts'
import { migrationStatus } from '../database/migrate.ts'
import type { Log } from '../platform/log.ts'
import { metricsMediaType } from '../platform/metrics.ts'
import type { Metrics } from '../platform/metrics.ts'
import { refuse } from '../platform/refusal.ts'
import { Bytes } from './answer.ts'
import { refusalOfError } from './problem.ts'
import type { Routes } from './routes.ts'

export interface PlatformParts {
  readonly database: Database
  readonly log: Log
  readonly metrics: Metrics
  /** The OpenAPI document, made when it is first asked for. */
  readonly describe: () => object
}

/** The operations served below a base path. */
export interface ServedBelow {
  readonly base: string
  readonly operations: readonly OperationShape[]
}

const healthy = { status: 'ok' } as const

/** Health, readiness, numbers and the description of everything else. */
export function addPlatformRoutes(routes: Routes, { database, log, metrics, describe }: PlatformParts): void {
  routes.add(contract.readHealth, { handle: () => healthy })
  routes.add(contract.readReadiness, {
    async handle() {
      try {
        await database.ping()
        const state = await migrationStatus(database)
        if (state.every(({ applied }) => applied)) return healthy
      } catch (error) {
        log.warn({ err: error }, 'not ready')
        if (error instanceof DatabaseDamaged) return refusalOfError(error)
      }
      return refuse('busy', 'The database does not answer or is not migrated.', { retryAfterSeconds: 2 })
    },
  })
  routes.add(contract.readMetrics, {
    async handle() {
      return new Bytes(await metrics.render(), { 'content-type': metricsMediaType, 'cache-control': 'no-store' })
    },
  })
  let document: object | null = null
  routes.add(contract.readOpenApi, { handle: () => (document ??= describe()) })
}

/** Which methods each path has, in the router's notation. */
export function methodsByPath(served: readonly ServedBelow[]): Map<string, Set<string>> {
  const paths = new Map<string, Set<string>>()
  for (const { base, operations } of served) {
    for (const { path, method } of operations) {
      const url = base + path.replaceAll(/\{(\w+)\}/g, ':$1')
      paths.set(url, (paths.get(url) ?? new Set()).add(method))
    }
  }
  return paths
}
