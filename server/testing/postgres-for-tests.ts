import type { TestProject } from 'vitest/node'
import { startPostgresServer } from './postgres-server.ts'

/** Vitest's global set-up: one PostgreSQL for the whole run, unless `TEST_DATABASE_URL` names one. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEST_DATABASE_URL
  if (given) {
    project.provide('postgresUrl', given)
    return undefined
  }
  const server = await startPostgresServer()
  project.provide('postgresUrl', server.url)
  return () => server.stop()
}
