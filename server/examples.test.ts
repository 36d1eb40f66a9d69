import { expect, test } from 'vitest'
import { freshDatabase, onBothEngines } from './testing/harness.ts'
import { blocksOf, runExample } from './testing/run-example.ts'
import { startServerProcess } from './testing/server-process.ts'

onBothEngines('what the docs tell a reader to type', (engine) => {
  test('sets up a theatre from nothing, sells its first seats, and then the ten-line client buys two more', async () => {
    const { location, drop } = await freshDatabase(engine)
    const server = startServerProcess(location)
    const url = await server.url
    const owner = await runExample(blocksOf('owners.md', 'sh').join('\n'), 'bash', url)
    expect(owner).toContain('succeeded')
    // The day's line of the report: two premium or standard seats for adults.
    expect(owner).toMatch(/^\d{4}-\d\d-\d\d,\d{4}-\d\d-\d\d,GBP,(2200|2500|2800),0,/m)
    const [client = '', ...others] = blocksOf('developers.md', 'js')
    expect(others).toEqual([])
    expect(await runExample(client, 'node', url)).toMatch(/^[2-9A-Z]{6} succeeded$/m)
    server.child.kill()
    await server.ended
    await drop()
    // Some thirty processes, one after the other.
  }, 300_000)
})

test('the client of the docs fits ten lines', () => {
  const [client = ''] = blocksOf('developers.md', 'js')
  expect(client.trimEnd().split('\n').length).toBeLessThanOrEqual(11)
})
