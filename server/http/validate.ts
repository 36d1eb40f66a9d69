import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

export interface Validator {
  /** Null when the value has the right shape. */
  check(value: unknown): Refusal<'validation_failed'> | null
}

const reportedErrors = 20

/** A validator that is compiled when it is first needed: a start does not pay for what nobody calls. */
export function validatorOf(schema: TSchema, where: string): Validator {
  let compiled: ReturnType<typeof Compile> | null = null
  return {
    check(value) {
      compiled ??= Compile(schema)
      if (compiled.Check(value)) {
        const bad = findBadText(value, '')
        return bad === null ? null : refuseFields([{ path: bad, message: 'holds a character that is not text' }])
      }
      return refuseFields(describe(compiled.Errors(value), where))
    },
  }
}

interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function describe(errors: readonly SchemaError[], where: string): { path: string; message: string }[] {
  const told = new Map<string, string>()
  for (const error of errors) {
    // A forbidden member is told twice by the validator, once as `false schema`: say it once, in words.
    if (error.keyword === 'boolean') {
      told.set(error.instancePath, 'is not known here')
      continue
    }
    if (error.keyword === 'additionalProperties') continue
    if (!told.has(error.instancePath)) told.set(error.instancePath, error.message)
  }
  return [...told].slice(0, reportedErrors).map(([path, message]) => ({ path: path || where, message }))
}

/** The place of the first text with U+0000 or a lone surrogate, which no engine stores alike; null when all is well. */
export function findBadText(value: unknown, path: string): string | null {
  if (typeof value === 'string') return isGoodText(value) ? null : path
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const bad = findBadText(item, `${path}/${index}`)
      if (bad !== null) return bad
    }
    return null
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return null
  for (const [name, item] of Object.entries(value)) {
    const bad = isGoodText(name) ? findBadText(item, `${path}/${name}`) : path
    if (bad !== null) return bad
  }
  return null
}

export function isGoodText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

/** Reads the texts of a query string as what the contract asks for (`limit=5` is a number); bodies are never coerced. */
export function coerceQuery(schema: TSchema, query: unknown): unknown {
  return Value.Convert(schema, query)
}
