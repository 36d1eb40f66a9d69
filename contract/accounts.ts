import { Type } from 'typebox'
import { AccountSession } from './account-sessions.ts'
import { Instant, line, nullable } from './common.ts'
import { closed, operation, roles } from './operation.ts'

const tag = 'Accounts'

/** One address, at most 254 characters (RFC 5321), without quotes, spaces or control characters: safe in a mail header. */
export const Email = Type.String({
  maxLength: 254,
  pattern:
    '^[^\\s\\u0000-\\u0020\\u007f"(),:;<>@\\[\\]\\\\]{1,64}@[^\\s\\u0000-\\u0020\\u007f"(),:;<>@\\[\\]\\\\.]+(?:\\.[^\\s\\u0000-\\u0020\\u007f"(),:;<>@\\[\\]\\\\.]+)+$',
  examples: ['ada@example.com'],
})

/** Largest password, in bytes of UTF-8: more is refused before any hashing. */
export const maximumPasswordBytes = 256
/** A password that is set. Too short or too common is `weak_password`, so that a client can say why. */
export const NewPassword = Type.String({ maxLength: maximumPasswordBytes, examples: ['velvet curtain 1911'] })
/** A password that is checked. */
export const Password = Type.String({ minLength: 1, maxLength: maximumPasswordBytes })

/** A one-time secret that travels by mail or in a token answer. */
export const SecretToken = Type.String({ minLength: 1, maxLength: 512 })
/** Six digits from an authenticator, or a recovery code. */
export const FactorCode = Type.String({ minLength: 6, maxLength: 32, examples: ['492039'] })

export const User = closed({
  id: Type.String({ examples: ['usr_01k9q2w3e4r5t6y7u8i9o0p1a2'] }),
  email: Type.String(),
  name: Type.String(),
  role: Type.Enum([...roles]),
  emailVerified: Type.Boolean(),
  requestedRole: Type.Optional(
    Type.Enum(['owner'], { description: 'What it asked to be; there while an administrator has not answered' }),
  ),
  createdAt: Instant,
})

const expiresIn = Type.Integer({ description: 'Seconds', examples: [900] })

/** What a client that keeps tokens itself is given. */
export const TokenSession = closed({
  user: User,
  accessToken: Type.String({ description: 'A JWT, checked by anyone with `/.well-known/jwks.json`' }),
  refreshToken: Type.String({ description: 'Used once; its answer holds the next one' }),
  expiresIn,
  tokenType: Type.Enum(['Bearer']),
})

/** What the web app is given: the session itself lies in an HttpOnly cookie, out of reach of scripts. */
export const CookieSession = closed({ user: User, expiresIn, tokenType: Type.Enum(['Cookie']) })

export const SignedIn = Type.Union([TokenSession, CookieSession])

const session = Type.Optional(
  Type.Enum(['token', 'cookie'], {
    description:
      '`cookie` keeps the session in an HttpOnly cookie; state-changing requests then need a same-origin `Origin`',
  }),
)

export const register = operation({
  id: 'register',
  method: 'POST',
  path: '/auth/register',
  tag,
  summary: 'Open an account',
  access: 'anyone',
  body: closed({
    email: Email,
    password: NewPassword,
    name: line(200, ['Ada Lovelace']),
    role: Type.Optional(Type.Enum(['customer', 'owner'])),
    session,
  }),
  answer: { status: 201, schema: SignedIn },
  refusals: ['weak_password', 'forbidden', 'email_taken', 'overloaded'],
})

export const login = operation({
  id: 'login',
  method: 'POST',
  path: '/auth/login',
  tag,
  summary: 'Sign in',
  access: 'anyone',
  body: closed({
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Password,
    code: Type.Optional(FactorCode),
    session,
  }),
  answer: { status: 200, schema: SignedIn },
  refusals: ['invalid_credentials', 'second_factor_required', 'forbidden', 'rate_limited', 'overloaded'],
})

export const refresh = operation({
  id: 'refresh',
  method: 'POST',
  path: '/auth/refresh',
  tag,
  summary: 'Change a refresh token for a new pair of tokens',
  access: 'anyone',
  body: closed({ refreshToken: SecretToken }),
  answer: { status: 200, schema: TokenSession },
  refusals: ['unauthenticated'],
})

export const logout = operation({
  id: 'logout',
  method: 'POST',
  path: '/auth/logout',
  tag,
  summary: 'Sign out here: this session and its refresh tokens end',
  access: 'anyone',
  body: closed({ refreshToken: Type.Optional(SecretToken) }),
  answer: { status: 204, schema: null },
  refusals: ['unauthenticated'],
})

export const getMe = operation({
  id: 'getMe',
  method: 'GET',
  path: '/auth/me',
  tag,
  summary: 'Who am I',
  access: 'account',
  answer: { status: 200, schema: User },
})

export const updateMe = operation({
  id: 'updateMe',
  method: 'PATCH',
  path: '/auth/me',
  tag,
  summary:
    'Change name or email; a new email has to be verified again, and needs the password, but in the first five minutes of a session',
  access: 'account',
  body: closed({
    name: Type.Optional(line(200)),
    email: Type.Optional(Email),
    currentPassword: Type.Optional(Password),
  }),
  answer: { status: 200, schema: User },
  refusals: ['email_taken', 'invalid_credentials', 'rate_limited', 'overloaded'],
})

export const deleteMe = operation({
  id: 'deleteMe',
  method: 'DELETE',
  path: '/auth/me',
  tag,
  summary: 'Close the account: personal data goes, the ledger stays',
  access: 'account',
  answer: { status: 204, schema: null },
  refusals: ['last_admin', 'owns_theatres'],
})

export const exportMe = operation({
  id: 'exportMe',
  method: 'GET',
  path: '/auth/me/export',
  tag,
  summary: 'Everything that is kept about me',
  access: 'account',
  answer: {
    status: 200,
    schema: Type.Object(
      {
        exportedAt: Instant,
        account: closed({ ...User.properties, locale: nullable(Type.String()), secondFactor: Type.Boolean() }),
        sessions: Type.Array(AccountSession),
      },
      {
        additionalProperties: true,
        description: 'Besides these, one field for each other part of the house that keeps something',
      },
    ),
  },
  refusals: ['rate_limited'],
})

export const verifyEmail = operation({
  id: 'verifyEmail',
  method: 'POST',
  path: '/auth/verify-email',
  tag,
  summary: 'Prove an email with the token from the mail',
  access: 'anyone',
  body: closed({ token: SecretToken }),
  answer: { status: 204, schema: null },
  refusals: ['token_used'],
})

export const resendVerification = operation({
  id: 'resendVerification',
  method: 'POST',
  path: '/auth/verify-email/resend',
  tag,
  summary: 'Send the mail that verifies my email once more',
  access: 'account',
  answer: { status: 202, schema: null },
  refusals: ['rate_limited'],
})

export const accountOperations = {
  register,
  login,
  refresh,
  logout,
  getMe,
  updateMe,
  deleteMe,
  exportMe,
  verifyEmail,
  resendVerification,
} as const
