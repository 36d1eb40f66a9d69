import { Type } from 'typebox'
import { AccountSession } from './account-sessions.ts'
import { Email, FactorCode, NewPassword, Password, SecretToken, SignedIn } from './accounts.ts'
import { IdParams, pageOf, pageQuery } from './common.ts'
import { closed, operation } from './operation.ts'

const tag = 'Accounts'

export const listSessions = operation({
  id: 'listSessions',
  method: 'GET',
  path: '/auth/sessions',
  tag,
  summary: 'Where I am signed in',
  access: 'account',
  query: closed(pageQuery),
  answer: { status: 200, schema: pageOf(AccountSession) },
})

export const deleteSession = operation({
  id: 'deleteSession',
  method: 'DELETE',
  path: '/auth/sessions/{id}',
  tag,
  summary: 'Sign out somewhere else',
  access: 'account',
  params: IdParams,
  answer: { status: 204, schema: null },
})

export const changePassword = operation({
  id: 'changePassword',
  method: 'POST',
  path: '/auth/change-password',
  tag,
  summary: 'Change the password: every other session and all tokens from before end; the answer has new ones',
  access: 'account',
  body: closed({ currentPassword: Password, newPassword: NewPassword }),
  answer: { status: 200, schema: SignedIn },
  refusals: ['weak_password', 'invalid_credentials', 'rate_limited', 'overloaded'],
})

export const forgotPassword = operation({
  id: 'forgotPassword',
  method: 'POST',
  path: '/auth/forgot-password',
  tag,
  summary: 'Ask for a link to a new password; the answer never tells whether there is an account',
  access: 'anyone',
  body: closed({ email: Email }),
  answer: { status: 202, schema: null },
})

export const resetPassword = operation({
  id: 'resetPassword',
  method: 'POST',
  path: '/auth/reset-password',
  tag,
  summary: 'Set a new password with the token from the mail; every session ends',
  access: 'anyone',
  body: closed({ token: SecretToken, newPassword: NewPassword }),
  answer: { status: 204, schema: null },
  refusals: ['weak_password', 'token_used', 'overloaded'],
})

export const getSecondFactor = operation({
  id: 'getSecondFactor',
  method: 'GET',
  path: '/auth/second-factor',
  tag,
  summary: 'Is a second factor on, and does the house demand one',
  access: 'account',
  answer: {
    status: 200,
    schema: closed({ active: Type.Boolean(), required: Type.Boolean(), recoveryCodesLeft: Type.Integer() }),
  },
})

export const startSecondFactor = operation({
  id: 'startSecondFactor',
  method: 'POST',
  path: '/auth/second-factor',
  tag,
  summary:
    'Start a second factor: the secret for an authenticator app (TOTP, RFC 6238); needs the password, but in the first five minutes of a session',
  access: 'account',
  body: closed({ currentPassword: Type.Optional(Password) }),
  answer: {
    status: 200,
    schema: closed({ secret: Type.String({ description: 'Base32' }), otpauthUrl: Type.String() }),
  },
  refusals: ['second_factor_active', 'invalid_credentials', 'rate_limited', 'overloaded'],
})

export const confirmSecondFactor = operation({
  id: 'confirmSecondFactor',
  method: 'POST',
  path: '/auth/second-factor/confirm',
  tag,
  summary: 'Turn the second factor on with a first code; the recovery codes are shown this once',
  access: 'account',
  body: closed({ code: FactorCode }),
  answer: { status: 200, schema: closed({ recoveryCodes: Type.Array(Type.String()) }) },
  refusals: ['invalid_code', 'second_factor_active', 'second_factor_not_started', 'rate_limited'],
})

export const deleteSecondFactor = operation({
  id: 'deleteSecondFactor',
  method: 'DELETE',
  path: '/auth/second-factor',
  tag,
  summary:
    'Turn the second factor off: with a code of the app or a recovery code, unless one was shown a few minutes ago (at sign-in, or to turn it on)',
  access: 'account',
  body: closed({ code: Type.Optional(FactorCode) }),
  answer: { status: 204, schema: null },
  refusals: ['second_factor_required', 'invalid_code', 'rate_limited'],
})

export const accountSecurityOperations = {
  listSessions,
  deleteSession,
  changePassword,
  forgotPassword,
  resetPassword,
  getSecondFactor,
  startSecondFactor,
  confirmSecondFactor,
  deleteSecondFactor,
} as const
