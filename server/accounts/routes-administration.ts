import * as contract from '../../contract/users.ts'
import { signedIn } from '../http/caller.ts'
import type { Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { changeAccount } from './change-account.ts'
import type { AccountChange } from './change-account.ts'
import { listAccounts } from './list-accounts.ts'
import type { AccountParts } from './parts.ts'
import { presentAdminUser } from './present.ts'
import { findAccount } from './store.ts'

/** `/admin/users`. */
export function addAdministrationRoutes(routes: Routes, parts: AccountParts): void {
  const { read } = parts.database
  const find = async ({ params }: { readonly params: { readonly id: string } }) => {
    const account = await findAccount(read, params.id)
    return account && account.deletedAt === null ? account : refuse('not_found')
  }
  const change = async (request: Pick<Request, 'caller' | 'commit'>, userId: string, wanted: AccountChange) =>
    await request.commit(async (tx) => {
      const changed = await changeAccount(tx, parts, signedIn(request.caller).userId, userId, wanted)
      return isRefusal(changed) ? changed : presentAdminUser(changed)
    })
  routes.add(contract.listUsers, { handle: async ({ query }) => await listAccounts(read, query, presentAdminUser) })
  routes.add(contract.updateUser, {
    find,
    handle: async (request) => await change(request, request.subject.id, request.body),
  })
  routes.add(contract.promoteUser, {
    find,
    handle: async (request) => await change(request, request.subject.id, { role: 'admin' }),
  })
}
