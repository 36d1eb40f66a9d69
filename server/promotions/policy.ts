import type { AccountCaller } from '../http/caller.ts'

/** An administrator keeps every promotion and voucher, an owner its own; anybody else's is not there. */
export function mayKeepCode(caller: AccountCaller, { ownerId }: { readonly ownerId: string | null }): boolean {
  return caller.role === 'admin' || (caller.role === 'owner' && ownerId === caller.userId)
}

/** Whose a new promotion or voucher is: an owner's own; an administrator's is nobody's and counts everywhere. */
export function ownerOfNew(caller: AccountCaller): string | null {
  return caller.role === 'admin' ? null : caller.userId
}
