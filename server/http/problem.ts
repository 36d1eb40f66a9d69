import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

export const problemMediaType = 'application/problem+json; charset=utf-8'

/** RFC 9457: `instance` is the request's path, without the query (it may hold a key). */
export function problemDocument(refusal: Refusal, url: string): Record<string, unknown> {
  const [path = '/'] = url.split('?', 1)
  return {
    type: `https://matinee.dev/problems/${refusal.code.replaceAll('_', '-')}`,
    title: refusal.title,
    status: refusal.status,
    detail: refusal.detail,
    code: refusal.code,
    instance: path,
    ...refusal.extra,
  }
}

/**
 * What an error that is not ours to explain comes to; anything unknown is a 500 without a word about the inside. `isWhole`:
 * the request has arrived to its end; one that has not is what took so long.
 */
export function refusalOfError(error: unknown, isWhole = true): Refusal {
  if (!(error instanceof Error)) return refuse('internal_error')
  if (!isWhole && 'code' in error && error.code === 'FST_ERR_HANDLER_TIMEOUT') return refuse('request_timeout')
  switch (error.name) {
    case 'DatabaseBusy':
      return refuse('busy', 'The database is busy. Try again in a moment.', { retryAfterSeconds: 1 })
    case 'StorageFull':
      return refuse('storage_full', 'The storage is full: nothing was changed.', { retryAfterSeconds: 30 })
    case 'StorageFailed':
      return refuse('busy', 'The storage fails: nothing was changed.', { retryAfterSeconds: 10 })
    case 'DatabaseDamaged':
      return refuse('busy', 'The database is damaged: nothing is written until it has been mended.', {
        retryAfterSeconds: 60,
      })
    case 'StorageUnavailable':
      return refuse('busy', 'The store of pictures does not answer. Try again in a moment.', { retryAfterSeconds: 5 })
    case 'OutcomeUnknown':
      return refuse('busy', 'It is not known whether this was done: try again with the same Idempotency-Key.', {
        retryAfterSeconds: 1,
      })
  }
  return fastifyRefusal(error) ?? refuse('internal_error', 'Something went wrong on our side. It has been noted.')
}

const byFastifyCode: Readonly<Record<string, () => Refusal>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => refuse('unsupported_media_type', 'Send application/json.'),
  FST_ERR_CTP_BODY_TOO_LARGE: () => refuse('body_too_large'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => refuse('malformed_request', 'The body is not valid JSON.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    refuse('malformed_request', 'The body is not as long as Content-Length says.'),
  FST_ERR_BAD_URL: () => refuse('malformed_request', 'The address cannot be read.'),
  FST_ERR_MAX_PARAM_LENGTH: () => refuse('not_found'),
  FST_ERR_HANDLER_TIMEOUT: () => refuse('busy', 'This took too long.', { retryAfterSeconds: 1 }),
}

function fastifyRefusal(error: Error): Refusal | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = byFastifyCode[code]
  if (known) return known()
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  if (status === 400) return refuse('malformed_request', 'The request cannot be read.')
  if (status === 413) return refuse('body_too_large')
  if (status === 414) return refuse('uri_too_long')
  if (status === 415) return refuse('unsupported_media_type')
  return null
}
