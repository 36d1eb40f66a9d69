import { expect, it } from 'vitest'
import { refusalOfError } from './problem.ts'

const late = Object.assign(new Error('Request timed out'), { code: 'FST_ERR_HANDLER_TIMEOUT' })

it('a request that does not arrive is told so (408), and one that we are too slow for is not blamed for it (503)', () => {
  expect(refusalOfError(late, false).code).toBe('request_timeout')
  expect(refusalOfError(late, true)).toMatchObject({ code: 'busy', retryAfterSeconds: 1 })
})

it('an error that nobody foresaw says nothing of the inside', () => {
  const refusal = refusalOfError(new Error('SELECT * FROM users failed at /srv/app.ts:1'), false)
  expect([refusal.status, refusal.detail]).toEqual([500, 'Something went wrong on our side. It has been noted.'])
})
