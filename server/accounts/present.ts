import type { Static } from 'typebox'
import type { User } from '../../contract/accounts.ts'
import type { AdminUser } from '../../contract/users.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'
import type { AccountSession } from './sessions.ts'
import type { Account } from './store.ts'

export function presentUser(account: Account): Static<typeof User> {
  return {
    id: account.id,
    email: account.email,
    name: account.name,
    role: account.role,
    emailVerified: account.emailVerifiedAt !== null,
    ...(account.requestedRole !== null && { requestedRole: account.requestedRole }),
    createdAt: formatInstant(account.createdAt),
  }
}

export function presentAdminUser(account: Account): Static<typeof AdminUser> {
  return {
    ...presentUser(account),
    banned: account.bannedAt !== null,
    secondFactor: account.totpConfirmedAt !== null,
    requestedRole: account.requestedRole,
    lastSignedInAt: formatInstantOrNull(account.lastSignedInAt),
  }
}

export function presentSession(session: AccountSession, currentId: string | null) {
  return {
    id: session.id,
    kind: session.kind,
    current: session.id === currentId,
    createdAt: formatInstant(session.createdAt),
    lastUsedAt: formatInstant(session.lastUsedAt),
    expiresAt: formatInstant(session.expiresAt),
    userAgent: session.userAgent,
    address: session.address,
  }
}
