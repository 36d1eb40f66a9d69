export interface SchemaMigrationRow {
  name: string
  appliedAt: number
}

export interface IdempotencyKeyRow {
  caller: string
  route: string
  key: string
  bodyHash: string
  status: number
  /** JSON: `{ body, headers }`, without tokens (they are derived again). */
  answer: string
  createdAt: number
}

export interface OutboxRow {
  id: string
  kind: string
  payload: string
  createdAt: number
  availableAt: number
  attempts: number
  leasedUntil: number | null
  lastError: string | null
  doneAt: number | null
}

export interface SigningKeyRow {
  id: string
  purpose: 'access' | 'ticket'
  publicJwk: string
  privateEncrypted: string
  createdAt: number
  retiredAt: number | null
}

export interface SettingRow {
  name: string
  value: string
}

export interface PlatformTables {
  schemaMigrations: SchemaMigrationRow
  idempotencyKeys: IdempotencyKeyRow
  outbox: OutboxRow
  signingKeys: SigningKeyRow
  settings: SettingRow
}
