import { expect, it } from 'vitest'
import { freshDatabase, onBothEngines } from '../server/testing/harness.ts'
import { tell } from '../server/testing/tell.ts'
import { fuzz } from './fuzz.ts'
import { inWords } from './report.ts'

onBothEngines('everything that docs/openapi.json offers, asked rightly and wrongly by everybody', (engine) => {
  it('is answered as documented, tells nobody of another house, and leaves a sound database', async () => {
    const { location, drop } = await freshDatabase(engine)
    const report = await fuzz({ location, seed: 2026, requests: 2000, withinMs: 15_000 })
    const statuses = [...report.statuses].map(([status, count]) => `${status} × ${count}`)
    tell(`fuzz [${engine}]: ${report.requests} requests: ${statuses.join(', ')}`)
    expect(report.findings, inWords(report)).toEqual([])
    // It gets somewhere, and is not only turned away.
    expect(report.requests).toBeGreaterThan(200)
    expect(report.succeeded).toBeGreaterThan(20)
    await drop()
  })
})
