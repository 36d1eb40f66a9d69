import { Type } from 'typebox'
import { Instant, nullable } from './common.ts'
import { closed } from './operation.ts'

/** One place where an account is signed in. */
export const AccountSession = closed({
  id: Type.String(),
  kind: Type.Enum(['token', 'cookie']),
  current: Type.Boolean(),
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant,
  userAgent: nullable(Type.String()),
  address: nullable(Type.String()),
})
