import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import type { SigningKeyRow } from '../database/tables/platform.ts'
import type { Tables } from '../database/tables/index.ts'
import { must } from '../platform/assert.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { AccessSigner } from './access-tokens.ts'

/** The keys that sign access tokens: in the database, encrypted under `SECRET`, so that servers which share both share them. */
export interface AccessKeys {
  /** The key that signs now; made when there is none. */
  signer(): Promise<AccessSigner>
  /** The public half by its id, from memory; undefined when it is not known (yet). */
  known(keyId: string): KeyObject | undefined
  /** Like `known`, but looks in the database first, at most once a second. */
  find(keyId: string, nowMs: number): Promise<KeyObject | undefined>
  /** All public keys, for `/.well-known/jwks.json`. */
  publicKeys(): Promise<JsonWebKey[]>
}

interface AccessKey extends AccessSigner {
  readonly publicKey: KeyObject
  readonly retired: boolean
}

const purpose = 'access'
const lookAgainAfterMs = 1000

export function createAccessKeys(database: Database, secrets: Secrets): AccessKeys {
  const keys = new Map<string, AccessKey>()
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | null = null

  function learn(rows: readonly SigningKeyRow[]): void {
    for (const row of rows) {
      const key = keys.has(row.id) ? null : openKey(secrets, row)
      if (key) keys.set(row.id, key)
    }
  }
  const newest = () => [...keys.values()].findLast(({ retired }) => !retired)

  async function look(): Promise<void> {
    learn(await readKeys(database.read))
  }

  let making: Promise<AccessSigner> | null = null

  async function readOrMake(): Promise<AccessSigner> {
    learn(await readKeys(database.read))
    const found = newest()
    if (found) return found
    learn([await makeKey(database, secrets)])
    return must(newest(), 'a key that was just made can be opened')
  }

  async function signer(): Promise<AccessSigner> {
    const known = newest()
    if (known) return known
    // Requests that arrive together make one key between them.
    making ??= readOrMake().finally(() => {
      making = null
    })
    return await making
  }

  return {
    signer,
    known: (keyId) => keys.get(keyId)?.publicKey,
    async find(keyId, nowMs) {
      const key = keys.get(keyId)?.publicKey
      if (key) return key
      // Everybody who comes while it looks waits for what it finds: after a start that is all who are signed in.
      if (looking === null && Math.abs(nowMs - lookedAtMs) >= lookAgainAfterMs) {
        lookedAtMs = nowMs
        looking = look().finally(() => {
          looking = null
        })
      }
      await looking
      return keys.get(keyId)?.publicKey
    },
    async publicKeys() {
      await signer()
      learn(await readKeys(database.read))
      return [...keys.values()].map(({ keyId, publicKey }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid: keyId,
        use: 'sig',
        alg: 'EdDSA',
      }))
    },
  }
}

/** Null for a key that was sealed under another `SECRET`: whoever changes it means the old keys to open nothing. */
function openKey(secrets: Secrets, row: SigningKeyRow): AccessKey | null {
  try {
    const privateJwk = JSON.parse(secrets.decrypt('signing-key', row.privateEncrypted))
    const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' })
    return { keyId: row.id, privateKey, publicKey: createPublicKey(privateKey), retired: row.retiredAt !== null }
  } catch {
    return null
  }
}

async function readKeys(query: Kysely<Tables>): Promise<SigningKeyRow[]> {
  return await query
    .selectFrom('signingKeys')
    .selectAll()
    .where('purpose', '=', purpose)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
}

/** Two servers that start at once may each make one: both hold, and each finds the other's in the database. */
async function makeKey(database: Database, secrets: Secrets): Promise<SigningKeyRow> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return await database.write(async (tx) => {
    const row: SigningKeyRow = {
      id: randomBytes(9).toString('base64url'),
      purpose,
      publicJwk: JSON.stringify(publicKey.export({ format: 'jwk' })),
      privateEncrypted: secrets.encrypt('signing-key', JSON.stringify(privateKey.export({ format: 'jwk' }))),
      createdAt: tx.nowMs,
      retiredAt: null,
    }
    await tx.query.insertInto('signingKeys').values(row).execute()
    return row
  })
}
