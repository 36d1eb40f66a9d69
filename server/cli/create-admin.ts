import { Email } from '../../contract/accounts.ts'
import { line } from '../../contract/common.ts'
import { closed } from '../../contract/operation.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createPasswordHasher } from '../accounts/password-hashing.ts'
import { judgePassword, readCommonPasswords } from '../accounts/password-rules.ts'
import type { Database } from '../database/database.ts'
import { validatorOf } from '../http/validate.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { noteCommand } from './note-command.ts'

export interface NewAdmin {
  readonly email: string
  readonly password: string
  readonly name: string
}

const validator = validatorOf(closed({ email: Email, name: line(200) }), 'the account')

/**
 * Makes an administrator whose email counts as verified. Refuses a wrong email or name, a weak password (the rules of
 * registration hold here too) and an email that has an account.
 */
export async function createAdmin(
  database: Database,
  { email, password, name }: NewAdmin,
): Promise<{ readonly id: string } | Refusal> {
  const wrong =
    validator.check({ email, name }) ?? judgePassword(password, { email, name }, readCommonPasswords(), '/password')
  if (wrong) return wrong
  const passwordHash = await createPasswordHasher().hash(password)
  if (isRefusal(passwordHash)) return passwordHash
  return await database.write(async (tx) => {
    const account = await createAccount(tx, { email, name, role: 'admin', passwordHash, emailVerified: true })
    if (!isRefusal(account)) await noteCommand(tx, 'create-admin', { subjectId: account.id })
    return account
  })
}
