import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { parseTicketCode } from '../../contract/ticket-code.ts'
import type { Database, Transaction } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import type { Secrets } from '../platform/secrets.ts'
import { readTicketCode, ticketKeyOf, ticketSigningKeyOf } from './code.ts'
import type { ReadTicketCode, TicketKey, TicketSigningKey } from './code.ts'

export interface TicketKeys {
  /** The key that makes codes now; made when there is none, or when the newest is a year old. */
  signing(): Promise<TicketSigningKey>
  /** Every key that ever made a code, newest first: printed codes outlive their key's turn. */
  verifying(): Promise<readonly TicketKey[]>
  /** What a code says, when its signature is good; a key that another server made a moment ago is found too. */
  read(code: string): Promise<ReadTicketCode | undefined>
}

const dayMs = 24 * 3600 * 1000
/** After this a new key takes its turn; the old one's private half is destroyed, its public half stays. */
export const keyTurnMs = 365 * dayMs
/** How long another server's new key may go unnoticed. */
const freshMs = 60_000

const purpose = 'ticket'

interface KnownKey extends TicketKey {
  readonly createdAt: number
  readonly signing: TicketSigningKey | null
}

/**
 * The house's ticket keys, kept in `signing_keys` with the private half encrypted under `SECRET`: servers that share both share
 * them. A private half that this `SECRET` does not open is passed over, and a new key made.
 */
export function createTicketKeys(database: Database, clock: Clock, secrets: Secrets): TicketKeys {
  let known: readonly KnownKey[] = []
  let readAt = Number.NEGATIVE_INFINITY

  async function read(): Promise<readonly KnownKey[]> {
    known = await readKeys(database, secrets)
    readAt = clock.now()
    return known
  }
  async function current(): Promise<readonly KnownKey[]> {
    return clock.now() - readAt < freshMs ? known : await read()
  }
  async function signing(): Promise<TicketSigningKey> {
    const [newest] = (await current()).filter((key) => key.signing !== null)
    if (newest?.signing && clock.now() - newest.createdAt < keyTurnMs) return newest.signing
    const made = ticketSigningKeyOf(generateKeyPairSync('ed25519').privateKey)
    await database.write((tx) => insertKey(tx, secrets, made))
    await read()
    return made
  }

  let making: Promise<TicketSigningKey> | null = null
  return {
    signing() {
      // Requests that arrive together make one key between them.
      making ??= signing().finally(() => (making = null))
      return making
    },
    verifying: current,
    async read(code) {
      const found = readTicketCode(await current(), code)
      const keyTag = found ? undefined : parseTicketCode(code)?.keyTag
      if (keyTag === undefined || known.some((key) => key.keyTag === keyTag)) return found
      return readTicketCode(await read(), code)
    },
  }
}

async function readKeys(database: Database, secrets: Secrets): Promise<readonly KnownKey[]> {
  const rows = await database.read
    .selectFrom('signingKeys')
    .select(['publicJwk', 'privateEncrypted', 'createdAt', 'retiredAt'])
    .where('purpose', '=', purpose)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    ...ticketKeyOf(createPublicKey({ key: JSON.parse(row.publicJwk), format: 'jwk' })),
    createdAt: row.createdAt,
    signing: row.retiredAt === null ? openPrivateKey(secrets, row.privateEncrypted) : null,
  }))
}

function openPrivateKey(secrets: Secrets, sealed: string): TicketSigningKey | null {
  try {
    return ticketSigningKeyOf(createPrivateKey({ key: JSON.parse(secrets.decrypt(purpose, sealed)), format: 'jwk' }))
  } catch {
    return null
  }
}

/** Takes a new key into service and retires the ones before. */
async function insertKey(tx: Transaction, secrets: Secrets, key: TicketSigningKey): Promise<void> {
  await tx.query
    .updateTable('signingKeys')
    .set({ retiredAt: tx.nowMs, privateEncrypted: '' })
    .where('purpose', '=', purpose)
    .where('retiredAt', 'is', null)
    .where('createdAt', '<=', tx.nowMs - keyTurnMs)
    .execute()
  await tx.query
    .insertInto('signingKeys')
    .values({
      id: randomBytes(9).toString('base64url'),
      purpose,
      publicJwk: JSON.stringify(key.publicKey.export({ format: 'jwk' })),
      privateEncrypted: secrets.encrypt(purpose, JSON.stringify(key.privateKey.export({ format: 'jwk' }))),
      createdAt: tx.nowMs,
      retiredAt: null,
    })
    .execute()
}
