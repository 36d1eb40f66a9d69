import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { hash as argon2Hash, parseOptions, verify as argon2Verify } from '@node-rs/argon2'
import { createGate } from '../platform/gate.ts'
import type { Refusal } from '../platform/refusal.ts'

/** What hashing costs. Source: OWASP, argon2id with 19 MiB and two passes. */
export interface HashStrength {
  readonly memoryKibibytes: number
  readonly passes: number
}

export const houseStrength: HashStrength = { memoryKibibytes: 19_456, passes: 2 }

/**
 * Most hashes at work at once (a core each, so that a flood of sign-ins leaves the others their turn), and most that wait:
 * what comes after is told to come back.
 */
const runningLimit = Math.min(4, availableParallelism())
const waitingLimit = 50

export interface Verdict {
  readonly matches: boolean
  /** It matches, but was made by bcrypt or with other costs: hash it again. */
  readonly outdated: boolean
}

export interface PasswordHasher {
  /** An argon2id hash in PHC form. */
  hash(password: string): Promise<string | Refusal<'overloaded'>>
  /** Checks against a stored hash (argon2 or bcrypt). `null`: there is no such account; the work is the same. */
  check(password: string, hash: string | null): Promise<Verdict | Refusal<'overloaded'>>
}

const noMatch: Verdict = { matches: false, outdated: false }

export function createPasswordHasher(strength: HashStrength = houseStrength): PasswordHasher {
  const gate = createGate(runningLimit, waitingLimit, 'Too many sign-ins at once.')
  const options = { memoryCost: strength.memoryKibibytes, timeCost: strength.passes, parallelism: 1 }
  const hashNow = (password: string) => argon2Hash(password.normalize('NFKC'), options)
  let dummy: Promise<string> | null = null
  return {
    hash: (password) => gate(() => hashNow(password)),
    check: (password, hash) =>
      gate(async () => {
        // Made at the first check of any kind, so that not even that one tells whether the account exists.
        const nobodys = await (dummy ??= hashNow('nobody has this password'))
        if (hash !== null && isBcrypt(hash)) return await checkBcrypt(password, hash)
        const verdict = await checkArgon2(password, hash ?? nobodys, strength)
        return hash === null ? noMatch : verdict
      }),
  }
}

async function checkArgon2(password: string, hash: string, strength: HashStrength): Promise<Verdict> {
  try {
    const { memoryCost, timeCost } = parseOptions(hash)
    if (memoryCost > 262_144 || timeCost > 16) return noMatch
    const matches = await argon2Verify(hash, password.normalize('NFKC'))
    return { matches, outdated: matches && (memoryCost !== strength.memoryKibibytes || timeCost !== strength.passes) }
  } catch {
    // A hash that cannot be read matches nothing; the library throws on one.
    return noMatch
  }
}

const bcryptPattern = /^\$2[abxy]?\$(\d\d)\$[./A-Za-z\d]{53}$/
/** 2^14 rounds take a good second; a hash that asks for more came from somebody who wants us busy. */
const highestBcryptCost = 14

/** Whether a hash has the form that older systems export. */
export function isBcrypt(hash: string): boolean {
  return bcryptPattern.test(hash)
}

/** On a thread of its own: bcrypt in JavaScript would hold the event loop for 100 ms and more. */
async function checkBcrypt(password: string, hash: string): Promise<Verdict> {
  if (Number(bcryptPattern.exec(hash)?.[1]) > highestBcryptCost) return noMatch
  const worker = new Worker(new URL('./bcrypt-worker.ts', import.meta.url), { workerData: { password, hash } })
  const matches = await new Promise<boolean>((resolve, reject) => {
    worker.once('message', (answer: unknown) => resolve(answer === true))
    worker.once('error', reject)
    worker.once('exit', () => resolve(false))
  })
  return { matches, outdated: matches }
}
