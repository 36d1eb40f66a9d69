import { describe, expect, it } from 'vitest'
import { LogKeeper, longPages, passPages, tooLongPages } from './log-keeper.ts'

/** A log that moves as SQLite's does: it begins anew with the first write after all of it was moved. */
function imitatedLog() {
  const log = { pages: 0, moved: 0, own: [] as number[], longest: 0, begunAnew: 0, readTo: Infinity, full: false }
  return Object.assign(log, {
    state: () => ({ pages: log.pages, moved: log.moved }),
    move() {
      log.own.push(log.pages - log.moved)
      if (log.full) throw new Error('the disk is full')
      log.moved = Math.max(log.moved, Math.min(log.pages, log.readTo))
    },
    write(pages: number) {
      if (log.moved > 0 && log.moved === log.pages) {
        log.pages = 0
        log.moved = 0
        log.begunAnew += 1
      }
      log.pages += pages
      log.longest = Math.max(log.longest, log.pages)
    },
  })
}

/** A helper beside whom others write: so many pages for each one that it moves. */
function imitatedHelper(log: ReturnType<typeof imitatedLog>, writtenBeside: number) {
  const helper = { passes: 0, fails: false }
  return Object.assign(helper, {
    async pass() {
      helper.passes += 1
      if (helper.fails || log.full) throw new Error('the helper failed')
      const moved = Math.min(log.pages, log.readTo)
      const written = Math.floor((moved - log.moved) * writtenBeside)
      // What is written meanwhile comes behind what it has seen: the log does not begin anew under it.
      log.pages += written
      log.longest = Math.max(log.longest, log.pages)
      log.moved = Math.max(log.moved, moved)
    },
  })
}

function stage(writtenBeside = 0.05) {
  const log = imitatedLog()
  const helper = imitatedHelper(log, writtenBeside)
  const warnings: string[] = []
  const keeper = new LogKeeper(log, helper, (warning) => warnings.push(warning))
  return {
    log,
    helper,
    warnings,
    keeper,
    /** Writes so many pages, in turns, between one look and the next. */
    async load(looks: number, pagesPerLook: number) {
      for (let look = 0; look < looks; look += 1) {
        keeper.closeWhenDue()
        log.write(pagesPerLook)
        await keeper.look()
      }
    },
  }
}

describe('a write-ahead log that is kept short', () => {
  it('is moved by the helper while others write; who writes moves only the last few pages, and it begins anew', async () => {
    const { log, load, warnings } = stage()
    await load(2000, 2500)
    expect(Math.max(...log.own)).toBeLessThanOrEqual(passPages)
    expect(log.longest).toBeLessThan(longPages + 2 * 2500)
    expect(log.begunAnew).toBeGreaterThan(300)
    expect(warnings).toEqual([])
  })

  it('is left alone while it is short', async () => {
    const { log, helper, load } = stage()
    await load(passPages / 10, 10)
    expect({ passes: helper.passes, own: log.own }).toEqual({ passes: 0, own: [] })
  })

  it('of some length begins anew as soon as nobody writes for a moment, without the helper', async () => {
    const { log, helper, load, keeper } = stage()
    await load(5, passPages / 5)
    await keeper.look()
    expect(log.own).toEqual([])
    await keeper.look()
    expect(log.own).toEqual([passPages])
    await keeper.look()
    await load(1, 10)
    expect({ passes: helper.passes, own: log.own.length, pages: log.pages }).toEqual({ passes: 0, own: 1, pages: 10 })
  })

  it.each([1, 3])(
    'stays bounded where %i pages are written for each one that the helper moves',
    async (writtenBeside) => {
      const { log, load } = stage(writtenBeside)
      await load(2000, 2500)
      expect(log.longest).toBeLessThan((tooLongPages + 2500) * (1 + writtenBeside))
      expect(log.begunAnew).toBeGreaterThan(100)
    },
  )

  it('grows while a reader needs it, keeps nobody who writes waiting for that, and is moved by the helper afterwards', async () => {
    const { log, helper, load } = stage()
    log.readTo = 5000
    await load(100, 2500)
    expect(log.longest).toBe(log.pages)
    expect(log.moved).toBe(5000)
    expect(log.own).toEqual([])
    expect(helper.passes).toBeLessThan(110)
    log.readTo = Infinity
    await load(10, 2500)
    expect(Math.max(...log.own)).toBeLessThanOrEqual(passPages)
    expect(log.pages).toBeLessThan(longPages + 2500)
  })

  it('is moved by who writes for as long as the helper fails, which is said once', async () => {
    const { log, helper, load, warnings } = stage()
    helper.fails = true
    await load(100, 2500)
    expect(log.longest).toBe(2500)
    expect(log.own.every((pages) => pages === 2500)).toBe(true)
    expect(warnings).toEqual(['The write-ahead log cannot be moved into the file: Error: the helper failed'])
    helper.fails = false
    log.own.length = 0
    await load(100, 2500)
    expect(Math.max(...log.own.slice(1))).toBeLessThanOrEqual(passPages)
    helper.fails = true
    await load(2, 2500)
    expect(warnings).toHaveLength(2)
  })

  it('only grows on a full disk, without an error for anybody, and is moved once there is room', async () => {
    const { log, load, warnings } = stage()
    log.full = true
    await load(5, 2500)
    expect({ pages: log.pages, moved: log.moved, warned: warnings.length }).toEqual({
      pages: 12_500,
      moved: 0,
      warned: 1,
    })
    log.full = false
    await load(2, 2500)
    expect(log.begunAnew).toBeGreaterThan(0)
    expect(warnings).toHaveLength(1)
  })

  it('has one pass at a time, and nobody moves it beside the helper', async () => {
    const log = imitatedLog()
    const passes: (() => void)[] = []
    const keeper = new LogKeeper(log, { pass: () => new Promise((resolve) => passes.push(resolve)) }, () => undefined)
    log.write(longPages)
    const first = keeper.look()
    await keeper.look()
    keeper.closeWhenDue()
    expect({ passes: passes.length, own: log.own }).toEqual({ passes: 1, own: [] })
    log.moved = log.pages - 1
    passes[0]?.()
    await first
    keeper.closeWhenDue()
    keeper.closeWhenDue()
    expect({ passes: passes.length, own: log.own }).toEqual({ passes: 1, own: [1] })
  })
})
