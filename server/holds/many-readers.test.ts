import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import * as holds from '../../contract/holds.ts'
import { holdSeats } from '../testing/buying.ts'
import { beats } from '../testing/crowd.ts'
import { watchThrough } from '../testing/event-stream.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'

/** A reader who takes all that comes, and notes it. */
class Reader extends Duplex {
  readonly #taken: string[] = []

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#taken.push(chunk.toString())
    done()
  }

  /** In the order in which they came. */
  get versions(): readonly number[] {
    return [...this.#taken.join('').matchAll(/^data: \{"version":(\d+)/gm)].map(([, version]) => Number(version))
  }
}

async function listen(test: TestApp, showtimeId: string): Promise<Reader> {
  const reader = new Reader()
  await watchThrough(test, showtimeId, reader)
  return reader
}

onBothEngines('hundreds who watch the same seats', (engine) => {
  it('hear of every change once and in order, also of those that come while others are told', async () => {
    const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    const { showtimeId } = await makeShowtime(test, { layout: plainLayout(6, 10) })
    const readers: Reader[] = []
    for (let made = 0; made < 650; made += 1) readers.push(await listen(test, showtimeId))
    const [first = 0] = readers[0]?.versions ?? []
    const readVersion = async () =>
      (await test.call(holds.readAvailability, { params: { id: showtimeId } })).body.version
    for (const row of 'ABCDEF') {
      for (let seat = 1; seat <= 10; seat += 1) await holdSeats(test, showtimeId, [`${row}${seat}`])
      // Somebody comes in the middle of it.
      readers.push(await listen(test, showtimeId))
    }
    const last = await readVersion()
    expect(last).toBe(first + 60)
    while (readers.some((reader) => reader.versions.at(-1) !== last)) await beats(test, 1)
    for (const { versions } of readers) {
      const [known = 0] = versions
      expect(versions).toEqual(Array.from({ length: last - known + 1 }, (_, index) => known + index))
    }
    await beats(test, 20)
    expect(readers.every(({ versions }) => versions.at(-1) === last)).toBe(true)
  }, 60_000)
})
