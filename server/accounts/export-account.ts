import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { formatInstant } from '../platform/time.ts'
import { bucket, takeAttempt } from './attempts.ts'
import type { AccountParts } from './parts.ts'
import { presentSession, presentUser } from './present.ts'
import { listAllSessions } from './sessions.ts'
import { findUsableAccount } from './store.ts'
import { limits } from './throttle.ts'

/** Everything the house keeps about an account, each room's part under its name. Six times an hour at most. */
export async function exportAccount(
  parts: AccountParts,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
) {
  const refused = parts.rules.throttled
    ? await parts.database.write((tx) => takeAttempt(tx, bucket(limits.export, 'export', userId)))
    : null
  return refused ?? (await collect(parts, userId, sessionId))
}

async function collect(
  parts: AccountParts,
  userId: string,
  sessionId: string,
): Promise<Collected | Refusal<'unauthenticated'>> {
  return await parts.database.snapshot(async (query) => {
    const account = await findUsableAccount(query, userId)
    if (!account) return refuse('unauthenticated')
    const sessions = await listAllSessions(query, userId)
    const rooms: Record<string, unknown> = {}
    for (const { name, collect: collectIn } of parts.dependents) {
      if (collectIn) rooms[name] = await collectIn(query, { userId, emailFolded: account.emailFolded })
    }
    return {
      exportedAt: formatInstant(parts.clock.now()),
      account: { ...presentUser(account), locale: account.locale, secondFactor: account.totpConfirmedAt !== null },
      sessions: sessions.map((session) => presentSession(session, sessionId)),
      ...rooms,
    }
  })
}

interface Collected {
  exportedAt: string
  account: ReturnType<typeof presentUser> & { locale: string | null; secondFactor: boolean }
  sessions: ReturnType<typeof presentSession>[]
}
