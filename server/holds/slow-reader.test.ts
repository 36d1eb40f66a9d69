import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import * as holds from '../../contract/holds.ts'
import { holdSeats } from '../testing/buying.ts'
import { beats } from '../testing/crowd.ts'
import { watchThrough } from '../testing/event-stream.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'

/** A reader whose network takes nothing until it is told to. */
class StuckReader extends Duplex {
  readonly taken: string[] = []
  #isStuck = true
  #go: (() => void) | null = null

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const take = () => {
      this.taken.push(chunk.toString())
      done()
    }
    if (this.#isStuck) this.#go = take
    else take()
  }

  goOn(): void {
    this.#isStuck = false
    this.#go?.()
  }

  get events(): { readonly event: string; readonly version: number }[] {
    const text = this.taken.join('')
    return [...text.matchAll(/event: (\w+)\ndata: \{"version":(\d+)/g)].map(([, event = '', version]) => ({
      event,
      version: Number(version),
    }))
  }
}

onBothEngines('a reader of seats that does not keep up', (engine) => {
  it('costs a bounded buffer, and begins anew once it can read again', { timeout: 40_000 }, async () => {
    const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', MAX_SEATS_PER_HOLD: '100' } })
    const { showtimeId } = await makeShowtime(test, { layout: plainLayout(10, 10) })
    const seats = [...'ABCDEFGHIJ'].flatMap((row) => Array.from({ length: 10 }, (_seat, index) => `${row}${index + 1}`))
    const reader = new StuckReader()
    await watchThrough(test, showtimeId, reader)
    // A hundred seats held and given back: some three kilobytes each time.
    for (let round = 0; round < 30; round += 1) {
      const hold = await holdSeats(test, showtimeId, seats)
      await test.call(holds.releaseHold, { params: { id: hold.id } }, { accessToken: hold.token })
    }
    await beats(test, 20)
    const buffered = reader.writableLength
    expect(buffered).toBeGreaterThan(64 * 1024)
    expect(buffered).toBeLessThan(80 * 1024)
    await holdSeats(test, showtimeId, ['A1'])
    await beats(test, 20)
    expect(reader.writableLength).toBe(buffered)
    reader.goOn()
    const { version } = (await test.call(holds.readAvailability, { params: { id: showtimeId } })).body
    while (reader.events.at(-1)?.version !== version) await beats(test, 1)
    const { events } = reader
    expect(events.map(({ event }) => event).filter((event) => event === 'snapshot')).toHaveLength(2)
    expect(events.at(-1)).toEqual({ event: 'snapshot', version })
    expect(events.length).toBeLessThan(60)
    // And goes on as if nothing had been.
    await holdSeats(test, showtimeId, ['A2'])
    while (reader.events.at(-1)?.version !== version + 1) await beats(test, 1)
    expect(reader.events.at(-1)?.event).toBe('seats')
    reader.destroy()
  })
})
