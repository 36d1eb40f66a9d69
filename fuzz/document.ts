import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Compile } from 'typebox/schema'

/** As much of a JSON schema as the fuzzer makes values from; what it is checked with reads all of it. */
export interface Schema {
  readonly type?: string
  readonly format?: string
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly examples?: readonly unknown[]
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: Schema
}

/** One operation as the document tells it. */
export interface Operation {
  readonly id: string
  readonly method: string
  /** With parameters in braces. */
  readonly path: string
  readonly parameters: readonly Parameter[]
  /** By media type. */
  readonly bodies: ReadonlyMap<string, Schema>
  /** What each status (or `default`) answers: its media types, none where it has no body. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, Schema>>
  /** Codes of the refusals that it names as its own. */
  readonly codes: ReadonlySet<string>
  /** Whom its description names as those it is for: roles, `account` or `anyone`. */
  readonly audience: readonly string[]
  /** Nobody is served who shows no account. */
  readonly needsAccount: boolean
}

interface Described {
  readonly operationId: string
  readonly description: string
  readonly security: readonly object[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

/** What a client knows of the API: `docs/openapi.json`, and nothing else. */
export function readDocument(): readonly Operation[] {
  const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'openapi.json'), 'utf8')
  const { paths } = withoutReferences(JSON.parse(text)) as { paths: Record<string, Record<string, Described>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(method.toUpperCase(), path, described)),
  )
}

function operationOf(method: string, path: string, described: Described): Operation {
  const { operationId, description, security, parameters, requestBody, responses } = described
  return {
    id: operationId,
    method,
    path,
    parameters,
    bodies: schemasOf(requestBody?.content),
    answers: new Map(Object.entries(responses).map(([status, { content }]) => [status, schemasOf(content)])),
    codes: new Set([...description.matchAll(/`([a-z_]+)` \(\d+\)/g)].flatMap(([, code]) => (code ? [code] : []))),
    audience: /^For: ([^.]*)\./.exec(description)?.[1]?.split(', ') ?? [],
    needsAccount: security.length === 1,
  }
}

function schemasOf(content: Readonly<Record<string, { readonly schema: Schema }>> = {}): ReadonlyMap<string, Schema> {
  return new Map(Object.entries(content).map(([type, { schema }]) => [type, schema]))
}

/** Puts what each `$ref` names in its place: no schema of the document holds itself. */
function withoutReferences(document: { readonly components: { readonly schemas: Record<string, unknown> } }): unknown {
  const known = new Map<string, unknown>()
  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    if (!('$ref' in value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]))
    const name = String(value.$ref).replace('#/components/schemas/', '')
    return known.getOrInsertComputed(name, () => resolve(document.components.schemas[name]))
  }
  return resolve(document)
}

const compiled = new WeakMap<object, ReturnType<typeof Compile>>()

/** Whether a value has the shape that the document says. */
export function fits(schema: Schema, value: unknown): boolean {
  return validatorOf(schema).Check(value)
}

/** Where it has not, in a line. */
export function misfit(schema: Schema, value: unknown): string {
  const [, errors] = validatorOf(schema).Errors(value)
  return errors
    .slice(0, 3)
    .map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
    .join('; ')
}

function validatorOf(schema: Schema) {
  return compiled.getOrInsertComputed(schema, () => Compile(schema))
}
