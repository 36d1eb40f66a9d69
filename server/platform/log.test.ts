import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'
import type { Log } from './log.ts'

/** What is written, line by line. */
function written(act: (log: Log) => void): Record<string, unknown>[] {
  const lines: string[] = []
  act(createLog('info', { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line))
}

const hidden = '[hidden]'

describe('what never reaches the log', () => {
  it.each(['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'secret', 'email'])(
    '%s is hidden in a line, one step below, and in what a child gives each of its lines',
    (name) => {
      const said = { [name]: 'a secret', id: 'usr_1' }
      const shown = { [name]: hidden, id: 'usr_1' }
      const [plain, nested, child, below, grandchild] = written((log) => {
        log.info(said, 'plain')
        log.info({ user: said, count: 2 }, 'nested')
        log.child(said).info('child')
        log.child({ user: said }).info('below')
        log.child({ worker: 1 }).child(said, {}).info('grandchild')
      })
      expect(plain).toMatchObject({ ...shown, msg: 'plain' })
      expect(nested).toMatchObject({ user: shown, count: 2 })
      expect(child).toMatchObject({ ...shown, msg: 'child' })
      expect(below).toMatchObject({ user: shown })
      expect(grandchild).toMatchObject({ ...shown, worker: 1 })
      expect(said).toEqual({ [name]: 'a secret', id: 'usr_1' })
    },
  )

  it('an error is shown with its stack, and without what it knows of a person', () => {
    const error = Object.assign(new Error('It broke'), { code: 'E_BROKE', email: 'a@example.com' })
    const [named, bare] = written((log) => {
      log.error({ err: error, email: 'a@example.com' }, 'a bug')
      log.error(error)
    })
    const shown = { type: 'Error', message: 'It broke', code: 'E_BROKE', email: hidden }
    expect(named).toMatchObject({ err: shown, email: hidden, msg: 'a bug' })
    expect(bare).toMatchObject({ err: shown, msg: 'It broke' })
    expect(JSON.stringify(named)).toContain('log.test.ts')
  })
})
