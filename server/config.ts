import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { readTracing } from './config-tracing.ts'
import { parseDatabaseUrl } from './database/open.ts'
import type { DatabaseLocation } from './database/open.ts'
import type { TracingSettings } from './platform/otlp.ts'
import type { MollieSettings } from './payments/mollie-provider.ts'
import type { StripeSettings } from './payments/stripe-provider.ts'
import { parseStorageUrl, storageUrlForms } from './platform/open-storage.ts'
import type { StoragePlace } from './platform/open-storage.ts'
import { readMollie, readStripe } from './config-payments.ts'
import type { WorkSettings } from './holds/proof-of-work.ts'
import { readAppleWallet, readGoogleWallet } from './config-wallets.ts'
import type { GoogleIdentity } from './tickets/google-wallet.ts'
import type { WalletIdentity } from './tickets/wallet-pass.ts'

export interface Config {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** Processes that share the port; more than one needs PostgreSQL. */
  readonly workers: number
  readonly database: DatabaseLocation
  /** Whether a PostgreSQL is good enough that may lose what it acknowledged when the power fails. */
  readonly allowForgetfulDatabase: boolean
  /** Where the file, the made secret, posters and mails lie. */
  readonly dataFolder: string
  readonly secret: string
  readonly holdSeconds: number
  readonly paymentSeconds: number
  readonly maxSeatsPerHold: number
  /** 0 is no limit. */
  readonly maxHoldsPerClient: number
  readonly rateLimit: boolean
  /** What holds of a showtime under attack cost; `percent` 0 is nothing. */
  readonly work: WorkSettings
  readonly accessTokenSeconds: number
  readonly trustProxy: readonly string[]
  readonly corsOrigins: readonly string[]
  /** Without a slash at the end; null: links are relative to the request's own host. */
  readonly publicUrl: string | null
  readonly testPayments: boolean
  readonly testWebhookSecret: string | null
  readonly smtpUrl: string | null
  /** The address that mails come from; null: made from SMTP_URL or PUBLIC_URL. */
  readonly mailFrom: string | null
  readonly redisUrl: string | null
  readonly amqpUrl: string | null
  readonly storage: StoragePlace
  /** Null: no payments by Stripe. */
  readonly stripe: StripeSettings | null
  /** Null: no payments by Mollie. */
  readonly mollie: MollieSettings | null
  /** What signs passes for Apple Wallet; null: the house gives out none. */
  readonly appleWallet: WalletIdentity | null
  /** What signs links to Google Wallet; null: the house gives out none. */
  readonly googleWallet: GoogleIdentity | null
  /** Where traces are told; null: nothing is traced. */
  readonly tracing: TracingSettings | null
  readonly ownerSignup: 'open' | 'approval' | 'closed'
  /** Whether staff, owners and administrators act as such only with a second factor. */
  readonly secondFactorRequired: boolean
  readonly logLevel: string
  readonly seedDemo: boolean
  readonly firstAdmin: { readonly email: string; readonly password: string } | null
}

/** Every problem of a configuration, one line each, naming the variable and never a secret's value. */
export class ConfigProblems extends Error {
  override readonly name = 'ConfigProblems'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** The environment with `.env` of the working folder below it: what is set outside wins. */
export function readEnvironment(folder: string, outer: Environment): Environment {
  const path = join(folder, '.env')
  if (!existsSync(path)) return outer
  return { ...parseEnv(readFileSync(path, 'utf8')), ...outer }
}

/** Reads a configuration once. Throws `ConfigProblems` with all that is wrong. */
export function parseConfig(environment: Environment): Config {
  const read = createReader(environment)
  const production = environment['NODE_ENV'] === 'production'
  const database = read.parsed(
    'DATABASE_URL',
    'sqlite:./data/matinee.db',
    parseDatabaseUrl,
    'sqlite:PATH or postgres://…',
  )
  const dataFolder = database?.engine === 'sqlite' ? dirname(database.path) : resolve('data')
  const config = {
    production,
    port: read.integer('PORT', 8000, 0, 65_535),
    host: read.text('HOST', '127.0.0.1'),
    workers: read.integer('WORKERS', 1, 1, 64),
    allowForgetfulDatabase: read.choice('ALLOW_FORGETFUL_DATABASE', 'off', ['on', 'off']) === 'on',
    dataFolder,
    secret: readSecret(read, production),
    holdSeconds: read.integer('HOLD_SECONDS', 300, 1, 86_400),
    paymentSeconds: read.integer('PAYMENT_SECONDS', 600, 1, 86_400),
    maxSeatsPerHold: read.integer('MAX_SEATS_PER_HOLD', 10, 1, 100),
    maxHoldsPerClient: read.integer('MAX_HOLDS_PER_CLIENT', 5, 0, 1_000_000),
    rateLimit: read.choice('RATE_LIMIT', 'on', ['on', 'off']) === 'on',
    work: {
      percent: read.integer('PROOF_OF_WORK_PERCENT', 150, 0, 1000),
      bits: read.integer('PROOF_OF_WORK_BITS', 16, 8, 24),
    },
    accessTokenSeconds: read.integer('ACCESS_TOKEN_SECONDS', 900, 1, 86_400),
    trustProxy: readProxies(read),
    corsOrigins: read.list(
      'CORS_ORIGINS',
      (origin) => URL.canParse(origin) && new URL(origin).origin === origin,
      'origins such as https://example.com',
    ),
    publicUrl: read.url('PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, '') ?? null,
    testPayments: read.choice('TEST_PAYMENTS', production ? 'off' : 'on', ['on', 'off']) === 'on',
    testWebhookSecret: read.optional('TEST_WEBHOOK_SECRET'),
    mailFrom: readMailFrom(read),
    smtpUrl: read.url('SMTP_URL', ['smtp:', 'smtps:']),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:']),
    amqpUrl: read.url('AMQP_URL', ['amqp:', 'amqps:']),
    storage: read.parsed('STORAGE_URL', '', parseStorageUrl, storageUrlForms) ?? { kind: 'data folder' },
    stripe: readStripe(read, production),
    mollie: readMollie(read, production),
    secondFactorRequired: read.choice('SECOND_FACTOR', 'optional', ['optional', 'required']) === 'required',
    appleWallet: readAppleWallet(read),
    googleWallet: readGoogleWallet(read),
    tracing: readTracing(read),
    ownerSignup: read.choice('OWNER_SIGNUP', 'open', ['open', 'approval', 'closed']),
    logLevel: read.choice('LOG_LEVEL', 'info', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    seedDemo: read.choice('SEED_DEMO', production ? 'off' : 'on', ['on', 'off']) === 'on' && !production,
    firstAdmin: readFirstAdmin(read),
  }
  if (read.problems.length > 0 || !database) throw new ConfigProblems(read.problems)
  return { ...config, database, secret: config.secret ?? ownSecret(dataFolder) }
}

function createReader(environment: Environment) {
  const problems: string[] = []
  const given = (name: string) => {
    const value = environment[name]?.trim()
    return value === undefined || value === '' ? undefined : value
  }
  const parsed = <Value>(
    name: string,
    fallback: string,
    parse: (text: string) => Value | null,
    wanted: string,
  ): Value | null => {
    const value = parse(given(name) ?? fallback)
    if (value === null) problems.push(`${name} must be ${wanted}`)
    return value
  }
  return {
    problems,
    parsed,
    text: (name: string, fallback: string) => given(name) ?? fallback,
    optional: (name: string) => given(name) ?? null,
    integer(name: string, fallback: number, minimum: number, maximum: number): number {
      const text = given(name)
      if (text === undefined) return fallback
      const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
      if (value >= minimum && value <= maximum) return value
      problems.push(`${name} must be a whole number from ${minimum} to ${maximum}`)
      return fallback
    },
    choice<const Choice extends string>(name: string, fallback: Choice, choices: readonly Choice[]): Choice {
      const text = given(name)
      if (text === undefined) return fallback
      const choice = choices.find((candidate) => candidate === text.toLowerCase())
      if (choice === undefined) problems.push(`${name} must be ${choices.join(' or ')}`)
      return choice ?? fallback
    },
    url(name: string, protocols: readonly string[]): string | null {
      const text = given(name)
      if (text === undefined) return null
      if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
      problems.push(`${name} must be a URL that begins with ${protocols.join(' or ')}`)
      return null
    },
    list(name: string, valid: (item: string) => boolean, wanted: string): string[] {
      const items = (given(name) ?? '')
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
      if (!items.every(valid)) problems.push(`${name} must be a list of ${wanted}`)
      return items
    },
  }
}

export type Reader = ReturnType<typeof createReader>

function readSecret(read: Reader, production: boolean): string | null {
  const secret = read.optional('SECRET')
  if (secret === null && production) read.problems.push('SECRET is required in production (32 characters or more)')
  if (secret !== null && secret.length < (production ? 32 : 16)) {
    read.problems.push(`SECRET must have at least ${production ? 32 : 16} characters`)
  }
  return secret
}

function readProxies(read: Reader): string[] {
  return read.list(
    'TRUST_PROXY',
    (item) => ['loopback', 'linklocal', 'uniquelocal'].includes(item) || /^[\da-f.:]+(\/\d{1,3})?$/i.test(item),
    'addresses or ranges of your proxies, such as 127.0.0.1 or 10.0.0.0/8 (never true)',
  )
}

function readMailFrom(read: Reader): string | null {
  return readEmail(read, 'MAIL_FROM', 'tickets@example.com')
}

function readEmail(read: Reader, name: string, example: string): string | null {
  const address = read.optional(name)
  if (address === null || /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(address)) return address
  read.problems.push(`${name} must be an email address such as ${example}`)
  return null
}

function readFirstAdmin(read: Reader): Config['firstAdmin'] {
  const isEmailSet = read.optional('ADMIN_EMAIL') !== null
  const email = readEmail(read, 'ADMIN_EMAIL', 'owner@example.com')
  const password = read.optional('ADMIN_PASSWORD')
  if (isEmailSet !== (password !== null)) read.problems.push('ADMIN_EMAIL and ADMIN_PASSWORD go together')
  return email !== null && password !== null ? { email, password } : null
}

/** Outside production a secret is made once and kept, readable by its owner alone, so that sessions outlive a restart. */
function ownSecret(folder: string): string {
  const path = join(folder, 'secret')
  mkdirSync(folder, { recursive: true })
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  return readFileSync(path, 'utf8').trim()
}
