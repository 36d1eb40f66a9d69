import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { AuditReport } from '../../audit/audit.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { edit } from '../../testing/corruptions.ts'
import { onBothEngines } from '../../testing/harness.ts'
import { liveInHouse } from '../../testing/lived-in-house.ts'
import type { LivedInHouse } from '../../testing/lived-in-house.ts'

onBothEngines('matinee audit', (engine) => {
  let house: LivedInHouse

  beforeAll(async () => {
    house = await liveInHouse(engine)
  })

  const type = (...argv: string[]) => typeCommand(house.test.location, ['audit', ...argv], { clock: house.test.clock })

  test('says so in words and exits with 0 when all is sound', async () => {
    const { code, output, errors } = await type()
    expect([code, errors]).toEqual([0, ''])
    expect(output).toMatch(/^ok {5}I1 {2}One seat, one live claim \(\d+ rows\)$/m)
    expect(output).toMatch(/^Sound: all 18 invariants hold\.$/m)
    for (const line of output.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('names what is broken and exits with 1, as JSON too', async () => {
    const { id } = house.paid
    await edit(house, 'bookings', { id }, { paid: 1 })
    const words = await type()
    const document = await type('--json')
    await edit(house, 'bookings', { id }, { paid: house.paid.paid.amount })
    expect(words.code).toBe(1)
    expect(words.output).toMatch(/^BROKEN I6 {2}/m)
    expect(words.output).toContain(id)
    expect(words.output).toMatch(/^Broken: 2 invariants of 18\.$/m)
    expect(document.code).toBe(1)
    const report: AuditReport = JSON.parse(document.output)
    expect(report).toMatchObject({ engine, sound: false })
    const broken = report.invariants.filter(({ violations }) => violations.length > 0)
    expect(broken.map(({ id: invariant }) => invariant)).toEqual(['I6', 'I17'])
  })

  test('compares the database with a journal of what clients were told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'matinee-journal-'))
    const path = join(folder, 'acknowledged.txt')
    const journal = async (...lines: string[]) => {
      writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
      return await type('--against-journal', path)
    }
    const { paid, pending, liveHold } = house
    const told = [`hold ${liveHold} the-first`, `confirmed ${paid.id} -`, `booking ${pending.id} the-second`]
    expect(await journal(...told, `payment ${paid.payments[0]?.id}`)).toMatchObject({ code: 0 })
    const lost = await journal(...told, 'booking bkg_lost key', `confirmed ${pending.id} key`)
    expect(lost.code).toBe(1)
    expect(lost.output).toMatch(/^BROKEN I3 /m)
    const text = lost.output.replaceAll(/\s+/g, ' ')
    expect(text).toContain('bkg_lost (line 4 of the journal) was acknowledged and is not there')
    expect(text).toContain(`${pending.id} (line 5 of the journal) was acknowledged as confirmed and is not`)
    expect(await journal('nonsense')).toMatchObject({ code: 2, output: '' })
    rmSync(folder, { recursive: true })
    expect(await type('--against-journal', path)).toMatchObject({ code: 2, output: '' })
  })

  test('exits with 2 when it could not check: nothing there, not migrated, not to be reached', async () => {
    const nowhere = await typeCommand({ engine: 'sqlite', path: '/no/such/folder/file.db' }, ['audit'])
    expect(nowhere).toMatchObject({ code: 2, output: '' })
    const gone = await typeCommand({ engine: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' }, ['audit'])
    expect(gone).toMatchObject({ code: 2, output: '' })
    await typeCommand(house.test.location, ['migrate', 'down'])
    const old = await type()
    await typeCommand(house.test.location, ['migrate', 'up'])
    expect(old).toMatchObject({ code: 2, output: '', errors: expect.stringContaining('migrate up') })
  })
})
