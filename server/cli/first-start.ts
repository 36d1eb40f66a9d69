import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { isRefusal } from '../platform/refusal.ts'
import { createAdmin } from './create-admin.ts'
import { demoAccounts } from './demo/accounts.ts'
import { seedDemo } from './demo/seed-demo.ts'

/**
 * What a start puts into the database: outside production the demo into an empty one (and new days into a demo), and the
 * administrator of `ADMIN_EMAIL` unless there is one. Answers why it cannot start, or null. Safe when two servers start.
 */
export async function fillAtStart(config: Config, database: Database, clock: Clock, log: Log): Promise<string | null> {
  if (config.seedDemo) await loadDemo(database, clock, log)
  if (!config.firstAdmin) return null
  const admins = database.read.selectFrom('users').select('email').where('role', '=', 'admin')
  const demoEmails = demoAccounts.map(({ email }) => email)
  const known = await admins.where('email', 'not in', demoEmails).limit(1).execute()
  if (known.length > 0) return null
  const made = await createAdmin(database, { ...config.firstAdmin, name: 'Administrator' })
  if (!isRefusal(made)) {
    log.info({ userId: made.id }, 'the first administrator was made from ADMIN_EMAIL')
    return null
  }
  return made.code === 'email_taken' ? null : `ADMIN_EMAIL and ADMIN_PASSWORD: ${made.detail}`
}

async function loadDemo(database: Database, clock: Clock, log: Log): Promise<void> {
  const outcome = await seedDemo(database, clock)
  if (outcome === 'topped up') log.info('the programme of the demo covers the next 14 days again')
  if (outcome !== 'seeded') return
  const [admin] = demoAccounts
  log.warn(
    `The demo is loaded. Sign in as ${admin.email} / ${admin.password}: a password that everybody knows, so keep this server to yourself.`,
  )
}
