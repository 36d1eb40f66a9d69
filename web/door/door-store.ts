import type { KeptPack } from './judge-code.ts'

/** A ticket that this device let in, and what the house knows of it. */
export interface Scan {
  readonly id: string
  readonly showtimeId: string
  readonly ticketId: string
  /** Empty: let in as one of a party. */
  readonly code: string
  readonly seat: string | null
  readonly title: string
  /** ISO, by this device's clock. */
  readonly at: string
  /** `waiting`: the house has not heard of it. `done`: it has. `conflict`: it says that it should not have been. */
  readonly state: 'waiting' | 'done' | 'conflict'
  /** The house was asked, and its answer was lost: it may have let this very ticket in at that moment. */
  readonly wasAsked?: boolean
  /** Of a conflict: the code of the refusal, and the first check-in where there was one. */
  readonly reason?: string
  readonly firstAt?: string | null
}

const databaseName = 'matinee-door'
const stores = { packs: 'pack.showtime.id', scans: 'id' } as const
type StoreName = keyof typeof stores
interface Stored {
  packs: KeptPack
  scans: Scan
}

function asPromise<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('The browser keeps nothing')))
  })
}

async function openStore(): Promise<IDBDatabase> {
  const opening = indexedDB.open(databaseName, 1)
  opening.addEventListener('upgradeneeded', () => {
    for (const [name, keyPath] of Object.entries(stores)) opening.result.createObjectStore(name, { keyPath })
  })
  return await asPromise(opening)
}

async function inStore<Result>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await openStore()
  try {
    const transaction = database.transaction(name, mode)
    const result = await asPromise(work(transaction.objectStore(name)))
    // A scan that was answered for must be on the disk, also when the phone dies in the next second.
    await new Promise<void>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve())
      transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('The browser keeps nothing')))
    })
    return result
  } finally {
    database.close()
  }
}

export async function readAll<Name extends StoreName>(name: Name): Promise<Stored[Name][]> {
  return await inStore<Stored[Name][]>(name, 'readonly', (store) => store.getAll())
}

export async function keep<Name extends StoreName>(name: Name, value: Stored[Name]): Promise<void> {
  await inStore(name, 'readwrite', (store) => store.put(value))
}

export async function drop(name: StoreName, key: string): Promise<void> {
  await inStore(name, 'readwrite', (store) => store.delete(key))
}

/** Forgets whom the house expects; what was scanned stays until the house has heard of it. */
export async function forgetPacks(): Promise<void> {
  if ('indexedDB' in globalThis) await inStore('packs', 'readwrite', (store) => store.clear())
}
