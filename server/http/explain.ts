import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { TSchema } from 'typebox'

/** What is wrong, and where: `path` is a JSON pointer such as `/seats/0`, or what the whole is called. */
export interface FieldProblem {
  readonly path: string
  readonly message: string
}

interface Node {
  readonly type?: unknown
  readonly anyOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly items?: Node
  readonly maxItems?: number
  readonly const?: unknown
}
type Members = Readonly<Record<string, unknown>>

/**
 * Says what a value lacks to fit a schema. Of several shapes that it could have (`anyOf`) only the nearest is spoken of:
 * the one with the fewest members missing, unknown or of another kind.
 */
export function explain(schema: TSchema, value: unknown, most: number): FieldProblem[] {
  const problems: FieldProblem[] = []
  walk(schema, value, '', problems, most)
  return problems.slice(0, most)
}

function walk(schema: Node, value: unknown, path: string, problems: FieldProblem[], most: number): void {
  if (problems.length >= most || fits(schema, value)) return
  if (schema.anyOf) {
    const nearest = schema.anyOf.toSorted((a, b) => strangeness(a, value) - strangeness(b, value))[0]
    if (nearest) walk(nearest, value, path, problems, most)
  } else if (schema.properties && isMembers(value)) {
    walkMembers(schema, schema.properties, value, path, problems, most)
  } else if (schema.type === 'array' && schema.items && Array.isArray(value) && !isTooLong(schema, value)) {
    const before = problems.length
    for (const [index, item] of value.entries()) walk(schema.items, item, `${path}/${index}`, problems, most)
    if (problems.length === before) tell(schema, value, path, problems)
  } else {
    tell(schema, value, path, problems)
  }
}

const compiled = new WeakMap<Node, ReturnType<typeof Compile>>()

/**
 * No type guard: what does not fit keeps its type. What has parts is compiled, once: a megabyte of seats is looked at on
 * every level.
 */
function fits(schema: Node, value: unknown): boolean {
  if (!schema.anyOf && !schema.properties && !schema.items) return Value.Check(schema, value)
  return compiled.getOrInsertComputed(schema, () => Compile(schema)).Check(value)
}

function walkMembers(
  schema: Node,
  properties: Readonly<Record<string, Node>>,
  value: Members,
  path: string,
  problems: FieldProblem[],
  most: number,
): void {
  const missing = missingOf(schema, value)
  if (missing.length > 0) problems.push({ path, message: `must have required properties ${missing.join(', ')}` })
  for (const name of unknownOf(schema, value)) problems.push({ path: below(path, name), message: 'is not known here' })
  for (const [name, member] of Object.entries(properties)) {
    if (Object.hasOwn(value, name)) walk(member, value[name], below(path, name), problems, most)
  }
}

/** Then it is enough to say so. */
function isTooLong({ maxItems = Infinity }: Node, items: readonly unknown[]): boolean {
  return items.length > maxItems
}

/** The validator's own words, for what holds no members that could be looked at one by one. */
function tell(schema: Node, value: unknown, path: string, problems: FieldProblem[]): void {
  // Of too long a list its items say nothing more.
  const told = Array.isArray(value) && isTooLong(schema, value) ? { ...schema, items: {}, uniqueItems: false } : schema
  const [first] = Value.Errors(told, value)
  problems.push({ path: path + (first?.instancePath ?? ''), message: first?.message ?? 'is not what is wanted here' })
}

/** How far a value is from a shape, at its own level: 0 is near. */
function strangeness(schema: Node, value: unknown): number {
  if (schema.anyOf) return Math.min(...schema.anyOf.map((each) => strangeness(each, value)))
  if (schema.properties === undefined || !isMembers(value)) return isOfType(schema.type, value) ? 0 : 1_000
  const wrongTags = Object.entries(schema.properties).filter(
    ([name, member]) => member.const !== undefined && Object.hasOwn(value, name) && member.const !== value[name],
  )
  return missingOf(schema, value).length + unknownOf(schema, value).length + wrongTags.length * 10
}

function isOfType(type: unknown, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isMembers(value)
  if (type === 'null') return value === null
  return type === 'integer' ? typeof value === 'number' : type === typeof value
}

function missingOf(schema: Node, value: Members): string[] {
  return (schema.required ?? []).filter((name) => !Object.hasOwn(value, name))
}

function unknownOf(schema: Node, value: Members): string[] {
  if (schema.additionalProperties !== false) return []
  return Object.keys(value).filter((name) => !Object.hasOwn(schema.properties ?? {}, name))
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A JSON pointer one step further down (RFC 6901). */
function below(path: string, name: string): string {
  return `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
