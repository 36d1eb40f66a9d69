import { afterAll, beforeAll, expect, test } from 'vitest'
import { bulkInsert } from '../database/bulk-insert.ts'
import { isRefusal } from '../platform/refusal.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { createReportDesk } from './report-desk.ts'
import type { ReportDesk } from './report-desk.ts'
import type { ReportOrder } from './model.ts'

const showtimes = 4000
const capacityCsv: ReportOrder = {
  name: 'capacity',
  groupBy: 'showtime',
  format: 'csv',
  question: { from: null, to: null, theatreIds: null, basis: 'show' },
}

onBothEngines('the desk where reports are written', (engine) => {
  let app: TestApp
  let desk: ReportDesk

  beforeAll(async () => {
    app = await startApp(engine)
    const { showtimeId } = await makeShowtime(app)
    // Cancelled ones may overlap; the programme becomes a long one all at once.
    await app.database.write(async (tx) => {
      const one = await tx.query
        .selectFrom('showtimes')
        .selectAll()
        .where('id', '=', showtimeId)
        .executeTakeFirstOrThrow()
      const copies = Array.from({ length: showtimes - 1 }, (_, index) => {
        const startsAt = one.startsAt + (index + 1) * 86_400_000
        const times = { startsAt, endsAt: startsAt + 3600_000, busyUntil: startsAt + 3600_000 }
        return { ...one, ...times, id: `sho_${index}`, salesCloseAt: startsAt, staffSalesCloseAt: startsAt }
      })
      await bulkInsert(tx, 'showtimes', copies)
    })
    desk = createReportDesk(app.location)
  })
  afterAll(async () => await desk.close())

  async function take(order: ReportOrder) {
    const pieces = await desk.order(order)
    if (isRefusal(pieces)) throw new Error(pieces.detail)
    return pieces
  }

  test('writes a long report in several pieces, whole and in order', async () => {
    const pieces: Uint8Array[] = []
    for await (const piece of await take(capacityCsv)) pieces.push(piece)
    expect(pieces.length).toBeGreaterThan(4)
    const lines = Buffer.concat(pieces).toString().trimEnd().split('\r\n')
    expect(lines).toHaveLength(showtimes + 1)
    const starts = lines.slice(1).map((line) => line.split(',').find((cell) => /^\d{4}-\d\d-\d\dT.*Z$/.test(cell)))
    expect(starts.every((start, index) => index === 0 || String(starts[index - 1]) <= String(start))).toBe(true)
  })

  test('waits for a reader who is slow, and is free again when one leaves early', async () => {
    for (let round = 0; round < 3; round += 1) {
      const pieces = await take(capacityCsv)
      expect((await pieces.next()).done).toBe(false)
      await pieces.return(undefined)
    }
  })

  test('writes two at once, lets eight wait, and refuses more', async () => {
    const asked = Array.from({ length: 11 }, () => desk.order(capacityCsv))
    const last = await asked.at(-1)
    expect(last).toMatchObject({ code: 'overloaded' })
    let bytes = 0
    for (const ordered of asked.slice(0, -1)) {
      const pieces = await ordered
      if (isRefusal(pieces)) throw new Error(pieces.detail)
      for await (const piece of pieces) bytes += piece.length
    }
    expect(bytes).toBeGreaterThan(10 * showtimes * 100)
  })

  test('a report that cannot be written says so, and the next one is written all the same', async () => {
    const question = { ...capacityCsv.question, theatreIds: ['thr_nowhere'], basis: 'sale' as const }
    const pieces = await take({ ...capacityCsv, name: 'revenue', groupBy: 'day', question })
    await expect(pieces.next()).rejects.toThrow('could not be written')
    expect((await (await take(capacityCsv)).next()).done).toBe(false)
  })
})
