import { isRefusal } from '../../platform/refusal.ts'
import type { Command } from '../command.ts'
import { createAdmin } from '../create-admin.ts'
import { fail } from '../output.ts'
import { withMigratedDatabase } from '../with-database.ts'

export const command: Command = {
  name: 'create-admin',
  summary: 'Make an account that may do everything',
  description: [
    'The password must have at least 8 characters and not be easy to guess. It is visible to others in the list of processes while the command runs, and in the history of your shell: change it after signing in.',
  ],
  operands: [],
  options: {
    email: { kind: 'text', placeholder: 'ADDRESS', description: 'to sign in with', required: true },
    password: { kind: 'text', placeholder: 'TEXT', description: 'to sign in with', required: true },
    name: { kind: 'text', placeholder: 'TEXT', description: 'as others see it', required: true },
  },
  examples: ["matinee create-admin --email ada@example.com --name 'Ada' --password '…'"],
  async run(invocation, environment) {
    const email = invocation.requiredText('email')
    return await withMigratedDatabase(environment, async ({ database }) => {
      const made = await createAdmin(database, {
        email,
        password: invocation.requiredText('password'),
        name: invocation.requiredText('name'),
      })
      if (isRefusal(made)) return fail(environment.errors, made.detail)
      environment.output.write(`${email} is an administrator now.\n`)
      return 0
    })
  },
}
