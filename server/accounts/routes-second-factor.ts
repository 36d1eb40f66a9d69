import * as contract from '../../contract/account-security.ts'
import type { Transaction } from '../database/database.ts'
import { Answer } from '../http/answer.ts'
import { signedIn } from '../http/caller.ts'
import type { Caller } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { AccountParts } from './parts.ts'
import { confirmSecondFactor, readSecondFactor, removeSecondFactor, startSecondFactor } from './second-factor.ts'
import { findUsableAccount, lockUsableAccount } from './store.ts'
import type { Account } from './store.ts'

const unstored = { 'cache-control': 'no-store' }

/** `/auth/second-factor`. */
export function addSecondFactorRoutes(routes: Routes, parts: AccountParts): void {
  routes.add(contract.getSecondFactor, {
    async handle({ caller }) {
      const account = await findUsableAccount(parts.database.read, signedIn(caller).userId)
      return account ? await readSecondFactor(parts, parts.database.read, account) : refuse('unauthenticated')
    },
  })
  routes.add(contract.startSecondFactor, {
    async handle({ caller, body }) {
      const started = await startSecondFactor(parts, signedIn(caller), body.currentPassword)
      return isRefusal(started) ? started : new Answer(started, unstored)
    },
  })
  routes.add(contract.confirmSecondFactor, {
    async handle({ caller, body }) {
      const confirmed = await withAccount(parts, caller, (tx, account) =>
        confirmSecondFactor(tx, parts, account, body.code),
      )
      if (confirmed === null) return refuse('invalid_code', 'This is not the code that the app shows now.')
      return isRefusal(confirmed) ? confirmed : new Answer(confirmed, unstored)
    },
  })
  routes.add(contract.deleteSecondFactor, {
    async handle({ caller, body }) {
      const shown = { sessionId: signedIn(caller).sessionId, code: body.code }
      const removed = await withAccount(parts, caller, (tx, account) => removeSecondFactor(tx, parts, account, shown))
      return removed === null ? refuse('invalid_code', 'This is not a code of the app, nor a recovery code.') : removed
    },
  })
}

async function withAccount<Result>(
  parts: AccountParts,
  caller: Caller,
  work: (tx: Transaction, account: Account) => Promise<Result>,
): Promise<Result | Refusal<'unauthenticated'>> {
  return await parts.database.write(async (tx) => {
    const account = await lockUsableAccount(tx, signedIn(caller).userId)
    return account ? await work(tx, account) : refuse('unauthenticated')
  })
}
