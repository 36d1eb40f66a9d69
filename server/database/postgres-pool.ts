import pg from 'pg'
import type { Log } from '../platform/log.ts'
import type { Execute } from './kysely-connection.ts'
import { namedStatement } from './postgres-statements.ts'

/** How long a request may wait for its turn; less than the server gives it to answer. */
const turnMs = 10_000

// Counts (int8) and sums (numeric) are far below 2^53 here, and the contract's numbers are JSON numbers.
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return Number
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
  },
}

export interface Limits {
  readonly settings: readonly string[]
  /** How long an answer may take before the connection counts as lost. */
  readonly answerMs: number
  /** Statements that are not waited for are sent one behind the other, without a round trip in between. */
  readonly pipeline?: boolean
}

export function openPool(
  url: string,
  max: number,
  log: Log,
  { settings, answerMs, pipeline = false }: Limits,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: turnMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline,
    query_timeout: answerMs,
    options: settings.map((setting) => `-c ${setting}`).join(' '),
  })
  // A connection that breaks while idle says so here; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  return pool
}

/** Runs Kysely's statements on one connection, or on any of a pool. */
export function executeOnClient(client: pg.PoolClient | pg.Pool): Execute {
  return async (query) => {
    const result = await client.query(namedStatement(query.sql, [...query.parameters]))
    return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) }
  }
}
