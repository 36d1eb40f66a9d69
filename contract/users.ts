import { Type } from 'typebox'
import { User } from './accounts.ts'
import { IdParams, Instant, nullable, pageOf, pageQuery } from './common.ts'
import { closed, operation, roles } from './operation.ts'

const tag = 'Accounts'

export const AdminUser = closed({
  ...User.properties,
  banned: Type.Boolean(),
  secondFactor: Type.Boolean(),
  requestedRole: nullable(Type.Enum(['owner'])),
  lastSignedInAt: nullable(Instant),
})

export const listUsers = operation({
  id: 'listUsers',
  method: 'GET',
  path: '/admin/users',
  tag,
  summary: 'All accounts, newest first',
  access: ['admin'],
  query: closed({
    ...pageQuery,
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of email or name' })),
    role: Type.Optional(Type.Enum([...roles])),
    banned: Type.Optional(Type.Boolean()),
    requestedRole: Type.Optional(Type.Enum(['owner'])),
  }),
  answer: { status: 200, schema: pageOf(AdminUser) },
})

export const updateUser = operation({
  id: 'updateUser',
  method: 'PATCH',
  path: '/admin/users/{id}',
  tag,
  summary: 'Change a role, ban or unban',
  access: ['admin'],
  params: IdParams,
  body: closed({ role: Type.Optional(Type.Enum([...roles])), banned: Type.Optional(Type.Boolean()) }),
  answer: { status: 200, schema: AdminUser },
  refusals: ['last_admin'],
})

export const promoteUser = operation({
  id: 'promoteUser',
  method: 'POST',
  path: '/admin/users/{id}/promote',
  tag,
  summary: 'Make an account an administrator',
  access: ['admin'],
  params: IdParams,
  answer: { status: 200, schema: AdminUser },
})

export const userOperations = {
  listUsers,
  updateUser,
  promoteUser,
} as const
