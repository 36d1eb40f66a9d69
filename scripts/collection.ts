// `npm run collection` writes docs/matinee.postman_collection.json from docs/openapi.json, for Postman (2.1) and what
// reads its files (Bruno, Insomnia, Hoppscotch); `--check` says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const docs = join(import.meta.dirname, '..', 'docs')
const path = join(docs, 'matinee.postman_collection.json')

/** As much of JSON Schema as the contract uses. */
interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly minimum?: number
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> }
}

interface Contract {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const contract: Contract = JSON.parse(readFileSync(join(docs, 'openapi.json'), 'utf8'))

/** The smallest value that a schema lets through, as far as it says; deeper than six it is left out. */
function sample(schema: Schema, depth = 0): unknown {
  const { $ref, type, examples, anyOf } = schema
  if ($ref !== undefined) return sample(contract.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, depth)
  if (examples?.[0] !== undefined) return examples[0]
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (anyOf) return sample(anyOf.find((one) => one.type !== 'null') ?? {}, depth)
  if (type === 'object' || schema.properties) {
    const wanted = depth > 6 ? [] : (schema.required ?? [])
    return Object.fromEntries(wanted.map((name) => [name, sample(schema.properties?.[name] ?? {}, depth + 1)]))
  }
  if (type === 'array') return schema.minItems && schema.items ? [sample(schema.items, depth + 1)] : []
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1
  if (type === 'boolean') return false
  if (schema.format === 'date-time') return '2026-12-24T19:30:00Z'
  return ''
}

function bodyOf({ requestBody }: Operation): object | null {
  if (!requestBody) return null
  const [mediaType = '', { schema } = {}] = Object.entries(requestBody.content)[0] ?? []
  if (mediaType !== 'application/json') return { mode: 'file', file: {} }
  const raw = JSON.stringify(sample(schema ?? {}), null, 2)
  return { mode: 'raw', raw, options: { raw: { language: 'json' } } }
}

const guestHeaders = [
  { key: 'X-Access-Token', value: '{{guestKey}}' },
  { key: 'Authorization', value: 'Bearer {{accessToken}}', disabled: true },
]

function requestOf(url: string, method: string, operation: Operation): object {
  const { parameters = [], security } = operation
  const body = bodyOf(operation)
  const query = parameters.filter((one) => one.in === 'query')
  const variables = parameters.filter((one) => one.in === 'path')
  const steps = url.split('/').filter((step) => step !== '')
  const isOpen = security?.some((choice) => Object.keys(choice).length === 0) ?? true
  return {
    name: operation.summary,
    request: {
      method: method.toUpperCase(),
      description: operation.operationId,
      header: [
        ...(isOpen ? guestHeaders : []),
        ...(method === 'post' ? [{ key: 'Idempotency-Key', value: '{{$guid}}' }] : []),
      ],
      // An empty token is a bad one, also where guests may call: who is signed in turns its header on.
      ...(isOpen && { auth: { type: 'noauth' } }),
      ...(body && { body }),
      url: {
        raw: `{{baseUrl}}${url.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        host: ['{{baseUrl}}'],
        path: steps.map((step) => step.replace(/^\{(\w+)\}$/, ':$1')),
        ...(query.length > 0 && { query: query.map(({ name }) => ({ key: name, value: '', disabled: true })) }),
        ...(variables.length > 0 && { variable: variables.map(({ name }) => ({ key: name, value: '' })) }),
      },
    },
  }
}

function collection(): object {
  const folders = new Map<string, object[]>()
  for (const [url, operations] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags[0] ?? 'Other'
      folders.set(tag, [...(folders.get(tag) ?? []), requestOf(url, method, operation)])
    }
  }
  return {
    info: {
      name: contract.info.title,
      description: contract.info.description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: 'http://127.0.0.1:8000' },
      { key: 'accessToken', value: '' },
      { key: 'guestKey', value: '' },
    ],
    item: [...folders].map(([name, item]) => ({ name, item })),
  }
}

const text = `${JSON.stringify(collection(), null, 2)}\n`
if (!process.argv.includes('--check')) {
  writeFileSync(path, text)
} else if (readOld() !== text) {
  console.error('docs/matinee.postman_collection.json is not what the contract says: npm run collection')
  process.exitCode = 1
}

function readOld(): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
