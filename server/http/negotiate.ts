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

/**
 * Refuses a body of a type that the operation does not read. The parsers would take any type that some operation reads;
 * a type that none does is refused by them.
 */
export function ensureMediaType(
  shape: OperationShape,
  contentType: string | undefined,
): Refusal<'unsupported_media_type'> | null {
  if (contentType === undefined || shape.method === 'GET') return null
  const [type = ''] = contentType.split(';', 1)
  const read = shape.bodyMediaTypes ?? ['application/json']
  if (read.includes(type.trim().toLowerCase())) return null
  return refuse('unsupported_media_type', `Send ${read.join(', ')}.`)
}
