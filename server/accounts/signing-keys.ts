import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { SigningKeyRow } from '../database/tables/platform.ts'
import type { Tables } from '../database/tables/index.ts'
import { must } from '../platform/assert.ts'
import type { Clock } from '../platform/clock.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { AccessSigner } from './access-tokens.ts'

/**
 * The keys that sign access tokens: in the database, encrypted under `SECRET`, so that servers which share both share them. A
 * key signs for ninety days; then a new one does, and what the old one signed is good for as long as any token lives.
 */
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
  readonly createdAt: number
  readonly retired: boolean
}

const purpose = 'access'
const lookAgainAfterMs = 1000
const dayMs = 24 * 3600 * 1000
const signsForMs = 90 * dayMs
/** Longer than the longest `ACCESS_TOKEN_SECONDS`, a day, and than anybody keeps `/.well-known/jwks.json`. */
const holdsForMs = signsForMs + 7 * dayMs

export function createAccessKeys(database: Database, secrets: Secrets, clock: Pick<Clock, 'now'>): AccessKeys {
  const keys = new Map<string, AccessKey>()
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | null = null

  function learn(rows: readonly SigningKeyRow[]): void {
    for (const row of rows) {
      const key = keys.has(row.id) ? null : openKey(secrets, row)
      if (key) keys.set(row.id, key)
    }
  }
  const isYoung = ({ createdAt }: AccessKey, lifeMs: number) => createdAt > clock.now() - lifeMs
  const newest = () => [...keys.values()].findLast((key) => !key.retired && isYoung(key, signsForMs))
  function known(keyId: string): KeyObject | undefined {
    const key = keys.get(keyId)
    return key && isYoung(key, holdsForMs) ? key.publicKey : undefined
  }

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
    const young = newest()
    if (young) return young
    // Requests that arrive together make one key between them.
    making ??= readOrMake().finally(() => {
      making = null
    })
    return await making
  }

  return {
    signer,
    known,
    async find(keyId, nowMs) {
      const key = known(keyId)
      if (key) return key
      // Everybody who comes while it looks waits for what it finds: after a start that is all who are signed in.
      if (looking === null && Math.abs(nowMs - lookedAtMs) >= lookAgainAfterMs) {
        lookedAtMs = nowMs
        looking = look().finally(() => {
          looking = null
        })
      }
      await looking
      return known(keyId)
    },
    async publicKeys() {
      await signer()
      learn(await readKeys(database.read))
      const held = [...keys.values()].filter((key) => isYoung(key, holdsForMs))
      return held.map(({ keyId, publicKey }) => ({
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
    const retired = row.retiredAt !== null
    return { keyId: row.id, privateKey, publicKey: createPublicKey(privateKey), createdAt: row.createdAt, retired }
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

/** Takes out the keys whose last tokens have long expired. */
export async function dropOldAccessKeys({ query, nowMs }: Transaction): Promise<void> {
  await query
    .deleteFrom('signingKeys')
    .where('purpose', '=', purpose)
    .where('createdAt', '<=', nowMs - holdsForMs)
    .execute()
}
