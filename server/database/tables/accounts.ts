import type { Role } from '../../../contract/operation.ts'

export interface UserRow {
  id: string
  email: string
  /** The email as it is compared: NFKC, lower case. */
  emailFolded: string
  name: string
  /** Folded email and name, for the look-up of administrators. */
  searchText: string
  /** argon2id or bcrypt; null: nobody can sign in. */
  passwordHash: string | null
  role: Role
  /** What was asked for at sign-up and waits for an administrator. */
  requestedRole: 'owner' | null
  /** The language of mails. */
  locale: string | null
  /** Raised when every access token of the account must end. */
  generation: number
  emailVerifiedAt: number | null
  bannedAt: number | null
  deletedAt: number | null
  /** Encrypted under `SECRET`. */
  totpSecret: string | null
  /** Null while the second factor is not confirmed. */
  totpConfirmedAt: number | null
  /** The last step a code was taken for: none counts twice. */
  totpUsedStep: number | null
  lastSignedInAt: number | null
  createdAt: number
  updatedAt: number
}

export interface SessionRow {
  id: string
  userId: string
  kind: 'token' | 'cookie'
  /** SHA-256 of the cookie's value; null for sessions by token. */
  secretHash: string | null
  createdAt: number
  lastUsedAt: number
  expiresAt: number
  endedAt: number | null
  userAgent: string | null
  address: string | null
}

/** The tokens of a session are one family: whoever shows a used one ends it. */
export interface RefreshTokenRow {
  hash: string
  sessionId: string
  createdAt: number
  expiresAt: number
  usedAt: number | null
}

/** A link that was mailed. Its secret is derived from the id under `SECRET`: nothing here opens anything. */
export interface MailTokenRow {
  id: string
  userId: string
  purpose: 'verify_email' | 'reset_password'
  /** The address it was sent to: worthless once the account has another. */
  emailFolded: string
  createdAt: number
  expiresAt: number
  usedAt: number | null
}

export interface RecoveryCodeRow {
  userId: string
  hash: string
  usedAt: number | null
}

export interface RevocationRow {
  id: string
  createdAt: number
  expiresAt: number
  userId: string
  sessionId: string | null
  generation: number | null
  role: Role | null
}

export interface ThrottleRow {
  key: string
  /** When the bucket will be empty. */
  emptyAt: number
}

export interface AccountTables {
  users: UserRow
  sessions: SessionRow
  refreshTokens: RefreshTokenRow
  mailTokens: MailTokenRow
  recoveryCodes: RecoveryCodeRow
  revocations: RevocationRow
  throttles: ThrottleRow
}
