import { startPostgresServer } from '../server/testing/postgres-server.ts'

/**
 * Vitest's global set-up of `npm run test:e2e -- --engine postgres`: a PostgreSQL for the run, in which every house makes a
 * database of its own, unless `E2E_DATABASE_URL` names one. The tests' processes inherit its address.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['E2E_ENGINE'] !== 'postgres' || process.env['E2E_DATABASE_URL'] !== undefined) return undefined
  const server = await startPostgresServer()
  process.env['E2E_DATABASE_URL'] = server.url
  return server.stop
}
