import type { Migration } from '../schema.ts'

/** Who may come in: accounts, where they are signed in, what they were mailed, and what no longer opens anything. */
export const accounts: Migration = {
  name: '0002-accounts',
  up: [
    `CREATE TABLE users (
      id TEXT NOT NULL PRIMARY KEY,
      email TEXT NOT NULL,
      email_folded TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      search_text TEXT NOT NULL,
      password_hash TEXT,
      role TEXT NOT NULL CHECK (role IN ('customer', 'staff', 'owner', 'admin')),
      requested_role TEXT CHECK (requested_role = 'owner'),
      locale TEXT,
      generation INTEGER NOT NULL DEFAULT 1,
      email_verified_at INTEGER,
      banned_at INTEGER,
      deleted_at INTEGER,
      totp_secret TEXT,
      totp_confirmed_at INTEGER,
      totp_used_step INTEGER,
      last_signed_in_at INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      CHECK (totp_confirmed_at IS NULL OR totp_secret IS NOT NULL),
      CHECK (deleted_at IS NULL OR password_hash IS NULL)
    )`,
    'CREATE INDEX users_by_role ON users (role, id)',
    `CREATE TABLE sessions (
      id TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id),
      kind TEXT NOT NULL CHECK (kind IN ('token', 'cookie')),
      secret_hash TEXT UNIQUE,
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      ended_at INTEGER,
      user_agent TEXT,
      address TEXT,
      CHECK ((kind = 'cookie') = (secret_hash IS NOT NULL))
    )`,
    'CREATE INDEX sessions_by_user ON sessions (user_id, id)',
    'CREATE INDEX sessions_by_expiry ON sessions (expires_at)',
    `CREATE TABLE refresh_tokens (
      hash TEXT NOT NULL PRIMARY KEY,
      session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      used_at INTEGER
    )`,
    'CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id)',
    `CREATE TABLE mail_tokens (
      id TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id),
      purpose TEXT NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
      email_folded TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      used_at INTEGER
    )`,
    'CREATE INDEX mail_tokens_by_user ON mail_tokens (user_id)',
    `CREATE TABLE recovery_codes (
      user_id TEXT NOT NULL REFERENCES users (id),
      hash TEXT NOT NULL,
      used_at INTEGER,
      PRIMARY KEY (user_id, hash)
    )`,
    `CREATE TABLE revocations (
      id TEXT NOT NULL PRIMARY KEY,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      user_id TEXT NOT NULL REFERENCES users (id),
      session_id TEXT,
      generation INTEGER,
      role TEXT
    )`,
    'CREATE INDEX revocations_by_time ON revocations (created_at)',
    'CREATE INDEX revocations_by_expiry ON revocations (expires_at)',
    'CREATE TABLE throttles (key TEXT NOT NULL PRIMARY KEY, empty_at INTEGER NOT NULL)',
    'CREATE INDEX throttles_by_time ON throttles (empty_at)',
  ],
  down: [
    'DROP TABLE throttles',
    'DROP TABLE revocations',
    'DROP TABLE recovery_codes',
    'DROP TABLE mail_tokens',
    'DROP TABLE refresh_tokens',
    'DROP TABLE sessions',
    'DROP TABLE users',
  ],
}
