import type { TObject, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { explain } from './explain.ts'
import type { FieldProblem } from './explain.ts'
import { refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

export type { FieldProblem } from './explain.ts'

export interface Validator {
  /** Null when the value has the right shape. */
  check(value: unknown): Refusal<'validation_failed'> | null
  /** The same as a list: empty when the value has the right shape. */
  problemsOf(value: unknown): FieldProblem[]
}

const reportedErrors = 20

/** A validator that is compiled when it is first needed: a start does not pay for what nobody calls. */
export function validatorOf(schema: TSchema, where: string): Validator {
  let compiled: ReturnType<typeof Compile> | null = null
  function problemsOf(value: unknown): FieldProblem[] {
    compiled ??= Compile(schema)
    if (!compiled.Check(value)) {
      return explain(schema, value, reportedErrors).map(({ path, message }) => ({
        path: shown(path) || where,
        message,
      }))
    }
    const bad = findBadText(value, '')
    return bad === null ? [] : [{ path: bad, message: 'holds a character that is not text' }]
  }
  return {
    problemsOf,
    check(value) {
      const problems = problemsOf(value)
      return problems.length === 0 ? null : refuseFields(problems)
    },
  }
}

const longestShownPath = 200

/** A place as it may be told: names in it are the caller's, and need not be text. */
function shown(path: string): string {
  return path.slice(0, longestShownPath).toWellFormed().replaceAll('\u0000', '\ufffd')
}

/** No body of ours is nested half as deep; a deeper one would only use up the stack. */
const deepest = 64

/**
 * The place of the first text with U+0000 or a lone surrogate, which no engine stores alike, or of what is nested too
 * deep to look at; null when all is well.
 */
export function findBadText(value: unknown, path: string, depth = 0): string | null {
  if (typeof value === 'string') return isGoodText(value) ? null : path
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return null
  if (depth > deepest) return path
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const bad = findBadText(item, `${path}/${index}`, depth + 1)
      if (bad !== null) return bad
    }
    return null
  }
  for (const [name, item] of Object.entries(value)) {
    const bad = isGoodText(name) ? findBadText(item, `${path}/${name}`, depth + 1) : path
    if (bad !== null) return bad
  }
  return null
}

export function isGoodText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

/** Whether a part of an address spells a lone surrogate: bytes that UTF-8 does not have, and that no decoder passes on. */
export function holdsSurrogate(encoded: string): boolean {
  return /%ed%[ab][\da-f]/i.test(encoded)
}

/** Reads the texts of a query string as what the contract asks for (`limit=5` is a number); bodies are never coerced. */
export function coerceQuery(schema: TObject, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  // What is no whole number must not become one by losing its fraction. (Convert changes what it is given.)
  const unread = Object.entries(query).filter(
    ([name, text]) => isIntegerSchema(schema.properties[name]) && !(typeof text === 'string' && /^-?\d+$/.test(text)),
  )
  const converted = Value.Convert(schema, query) as Record<string, unknown>
  return unread.length === 0 ? converted : { ...converted, ...Object.fromEntries(unread) }
}

function isIntegerSchema(schema: TSchema | undefined): boolean {
  return schema !== undefined && 'type' in schema && schema.type === 'integer'
}
