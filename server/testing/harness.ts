import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify'
import { afterAll, describe, expect, inject } from 'vitest'
import { basePath } from '../../contract/api.ts'
import type { AnswerOf, InputOf, OperationShape } from '../../contract/operation.ts'
import { createApp } from '../app.ts'
import type { App } from '../app.ts'
import { parseConfig } from '../config.ts'
import type { Config } from '../config.ts'
import type { Database, Engine } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
import type { DatabaseLocation } from '../database/open.ts'
import { createManualClock } from '../platform/clock.ts'
import type { ManualClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { validatorOf } from '../http/validate.ts'
import { makePostgresDatabase } from './postgres-databases.ts'

export const engines: readonly Engine[] = ['sqlite', 'postgres']

/** Every behaviour holds on both engines: the suite runs once on each. */
export function onBothEngines(name: string, body: (engine: Engine) => void): void {
  for (const engine of engines) describe(`${name} [${engine}]`, () => body(engine))
}

/** Saturday, 21 November 2026, 12:00 UTC: when tests take place unless they say otherwise. */
export const testStart = Date.UTC(2026, 10, 21, 12)

/** What a test sends beside the operation's own input. */
export interface As {
  readonly token?: string | undefined
  readonly accessToken?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestAnswer<Body> {
  readonly status: number
  readonly headers: Response['headers']
  /** The answer of a success, checked against the contract; asserts that it was one. */
  readonly body: Body
  /** The problem document of a refusal; asserts that it was one. */
  readonly problem: { readonly code: string; readonly status: number; readonly detail: string } & Record<
    string,
    unknown
  >
  readonly raw: Response
}

/** Whether an answer is a refusal (or an error), which comes as a problem document. */
export function hasRefusal(answer: Pick<TestAnswer<unknown>, 'status'>): boolean {
  return answer.status >= 400
}

export interface TestApp {
  readonly app: App
  readonly database: Database
  readonly location: DatabaseLocation
  readonly clock: ManualClock
  readonly config: Config
  /** Calls one operation of the contract. */
  call<Shape extends OperationShape>(
    shape: Shape,
    input?: Partial<{ [Part in keyof InputOf<Shape>]: unknown }>,
    as?: As,
  ): Promise<TestAnswer<AnswerOf<Shape>>>
  inject(options: InjectOptions): Promise<Response>
  close(): Promise<void>
}

export interface TestOptions {
  /** Environment variables, on top of the test's own. */
  readonly environment?: Readonly<Record<string, string>>
  readonly startMs?: number
  /** A clock that several apps share; else each has one of its own. */
  readonly clock?: ManualClock
  /** Else as long as in a house, milliseconds. */
  readonly redisPatienceMs?: number
  /** Where the lines of the log go; without it there are none. */
  readonly logTo?: string[]
}

/** Passwords of tests are not worth 40 ms each; what hashing costs in the house has a test of its own. */
const quickHashes = { memoryKibibytes: 64, passes: 1 }

/** A crowd of a test asks all in one turn of the loop, on a machine that has other things to do. */
const neverOverloaded = { isOverloaded: () => false, began() {}, ended() {}, start() {}, stop() {} }

const opened: TestApp[] = []
afterAll(closeApps)

/** Closes the apps of this file: after each test where it opens so many that their connections would run out. */
export async function closeApps(): Promise<void> {
  for (const test of opened.splice(0).toReversed()) await test.close()
}

/** A fresh app on a fresh, migrated database, with a clock that stands still until it is moved. */
export async function startApp(engine: Engine, options: TestOptions = {}): Promise<TestApp> {
  const { location, drop } = await freshDatabase(engine)
  return await openApp(location, options, drop)
}

/** One more app (another server, as it were) on a database that an app has already; close it before that one. */
export async function startAppOn(location: DatabaseLocation, options: TestOptions = {}): Promise<TestApp> {
  return await openApp(location, options, async () => {})
}

async function openApp(location: DatabaseLocation, options: TestOptions, drop: () => Promise<void>): Promise<TestApp> {
  const clock = options.clock ?? createManualClock(options.startMs ?? testStart)
  const config: Config = {
    ...parseConfig({
      SECRET: 'a secret that only tests know, and nobody else',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      RATE_LIMIT: 'off',
      SEED_DEMO: 'off',
      DATABASE_URL: 'sqlite::memory:',
      ...options.environment,
    }),
    database: location,
    dataFolder: mkdtempSync(join(tmpdir(), 'matinee-data-')),
  }
  const { logTo } = options
  const log = logTo ? createLog('info', { write: (line) => void logTo.push(line) }) : createLog(config.logLevel)
  const database = openDatabase(location, clock, log)
  const app = await createApp({
    config,
    database,
    clock,
    log,
    hashStrength: quickHashes,
    guard: neverOverloaded,
    ...(options.redisPatienceMs !== undefined && { redisPatienceMs: options.redisPatienceMs }),
  })
  await app.http.ready()
  let closed = false
  const test: TestApp = {
    app,
    database,
    location,
    clock,
    config,
    call: (shape, input, as) => callOperation(app, shape, input ?? {}, as ?? {}),
    inject: async (injection) => await app.http.inject(injection),
    async close() {
      if (closed) return
      closed = true
      await app.close()
      rmSync(config.dataFolder, { recursive: true, force: true })
      await drop()
    },
  }
  opened.push(test)
  return test
}

/** A database of its own, migrated; `drop` removes it. */
export async function freshDatabase(
  engine: Engine,
): Promise<{ readonly location: DatabaseLocation; drop(): Promise<void> }> {
  if (engine === 'postgres') return await makePostgresDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'matinee-'))
  const path = join(folder, 'test.db')
  copyFileSync(inject('sqliteTemplate'), path)
  return {
    location: { engine: 'sqlite', path },
    async drop() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const idempotentDefaults = { 'user-agent': 'matinee-test' }

async function callOperation<Shape extends OperationShape>(
  app: App,
  shape: Shape,
  input: Partial<{ [Part in keyof InputOf<Shape>]: unknown }>,
  as: As,
): Promise<TestAnswer<AnswerOf<Shape>>> {
  const raw = await app.http.inject({
    method: shape.method,
    url: urlOf(shape, input.params ?? {}, input.query ?? {}),
    headers: {
      ...idempotentDefaults,
      ...(as.token !== undefined && { authorization: `Bearer ${as.token}` }),
      ...(as.accessToken !== undefined && { 'x-access-token': as.accessToken }),
      ...as.headers,
    },
    ...(input.body !== undefined && { payload: input.body as object }),
  })
  checkAnswer(shape, raw)
  return {
    status: raw.statusCode,
    headers: raw.headers,
    raw,
    get body() {
      expect(raw.statusCode, raw.body).toBe(shape.answer.status)
      return (shape.answer.schema === null ? undefined : raw.json()) as AnswerOf<Shape>
    },
    get problem() {
      expect(raw.headers['content-type'], raw.body).toContain('application/problem+json')
      return raw.json()
    },
  }
}

function urlOf(shape: OperationShape, params: object, query: object): string {
  const base = rootPaths.test(shape.path) ? '' : basePath
  const path = shape.path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(String(Object.entries(params).find(([key]) => key === name)?.[1])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `${base}${path}${search.size > 0 ? `?${search}` : ''}`
}

const rootPaths = /^\/(healthz|readyz|openapi\.json|metrics|media\/|\.well-known\/)/

/** Every JSON answer keeps the contract, whatever the test looks at. */
function checkAnswer(shape: OperationShape, raw: Response): void {
  expect(raw.statusCode, `${shape.id} answered ${raw.body.slice(0, 500)}`).not.toBe(500)
  if (raw.statusCode !== shape.answer.status || shape.answer.schema === null || shape.answer.mediaTypes) return
  const refused = validatorOf(shape.answer.schema, 'the answer').check(raw.json())
  expect(refused?.extra['errors'], `${shape.id} breaks its contract: ${raw.body.slice(0, 500)}`).toBeUndefined()
}
