import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { killChildren, startChild } from '../server/testing/children.ts'

const processes = JSON.stringify(join(import.meta.dirname, 'processes.mjs'))
const bootstrap = JSON.stringify(join(import.meta.dirname, 'bootstrap.mjs'))

/** A parent that runs `code` in a child, as the bootstrap does when it hands over to Node 26. */
function parentOf(code: string): ChildProcess {
  const parent = `
    import { runForwardingSignals } from ${processes}
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc']
    process.exit(await runForwardingSignals(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(code)}], { stdio }))`
  return startChild(process.execPath, ['--input-type=module', '-e', parent])
}

afterAll(killChildren)

async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout ?? child, 'data')
  return String(chunk).trim()
}

const server = `
  import { leaveWithParent } from ${bootstrap}
  leaveWithParent()
  process.on('SIGTERM', () => { console.log('drained'); process.exit(3) })
  setInterval(() => {}, 1000)
  console.log('ready')`

describe('a child of the bootstrap', () => {
  test('gives its exit code back', async () => {
    const [code] = await once(parentOf('process.exit(5)'), 'exit')
    expect(code).toBe(5)
  })

  test('hears the signal that its parent gets, and ends in its own way', async () => {
    const parent = parentOf(server)
    expect(await firstLine(parent)).toBe('ready')
    parent.kill('SIGTERM')
    expect(await firstLine(parent)).toBe('drained')
    const [code] = await once(parent, 'exit')
    expect(code).toBe(3)
  })

  test('drains when its parent is killed', async () => {
    const parent = parentOf(server)
    expect(await firstLine(parent)).toBe('ready')
    parent.kill('SIGKILL')
    expect(await firstLine(parent)).toBe('drained')
  })
})
