import type { OperationShape } from '../../contract/operation.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

/** Refuses what accepts nothing that the operation can answer (RFC 9110 section 12.5.1). */
export function ensureAcceptable(shape: OperationShape, accept: string | undefined): Refusal<'not_acceptable'> | null {
  if (accept === undefined || accept === '' || accept.includes('*/*')) return null
  const offered = shape.answer.mediaTypes ?? ['application/json', 'application/problem+json']
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return { type, refused: parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) }
  })
  const acceptable = offered.some((type) =>
    ranges.some((range) => !range.refused && (range.type === type || range.type === `${type.split('/')[0]}/*`)),
  )
  return acceptable ? null : refuse('not_acceptable', `This answers ${offered.join(', ')}.`)
}
