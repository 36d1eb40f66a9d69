import type { Database, Transaction } from '../../database/database.ts'
import type { Clock } from '../../platform/clock.ts'
import { assert } from '../../platform/assert.ts'
import { isRefusal, refuse } from '../../platform/refusal.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { addDays, businessDate } from '../../platform/time.ts'
import { addStaff } from '../../venues/staff.ts'
import { noteCommand } from '../note-command.ts'
import { importShowtimes } from '../import/import-showtimes.ts'
import type { TakenBefore } from '../import/import-showtimes.ts'
import { importAuditoriums, importMovies, importTheatres } from '../import/import-venues.ts'
import type { Programme } from '../import/read-programme.ts'
import { createDemoAccounts, hashDemoPasswords } from './accounts.ts'
import type { HashedAccount } from './accounts.ts'
import { demoNight, demoProgramme, demoShowtimes } from './lines.ts'
import type { DemoDays } from './lines.ts'
import { sellSomeSeats } from './sell-seats.ts'
import { demoTheatres } from './theatres.ts'

/** The programme covers today and so many days after it. */
const daysAhead = 14
/** What starts sooner can hardly be bought any more. */
const soonMs = 20 * 60_000

/**
 * `seeded`: the demo is there now. `topped up`: it was, and has got more days. `covered`: it was, and had them.
 * `not empty`: the database is somebody's own, and nothing was changed.
 */
export type DemoOutcome = 'seeded' | 'topped up' | 'covered' | 'not empty'

/**
 * Puts the demo into an empty database, or adds the days that have come into reach since. Safe when two servers start at
 * once: one does it, the other waits and finds it done. `force` adds it to what is there.
 */
export async function seedDemo(
  database: Database,
  clock: Clock,
  options: { readonly force?: boolean } = {},
): Promise<DemoOutcome> {
  const isDemo = (await readCoverage(database)) !== null
  if (!isDemo && !options.force && !(await isDatabaseEmpty(database.read))) return 'not empty'
  const accounts = isDemo ? [] : await hashDemoPasswords()
  const outcome = await database.write(async (tx) => {
    const seeded = await seedIn(tx, accounts, options.force ?? false)
    if (seeded === 'seeded' || seeded === 'topped up') await noteCommand(tx, 'seed', { request: { outcome: seeded } })
    return seeded
  })
  if (isRefusal(outcome)) return 'not empty'
  await sellSomeSeats(database, clock.now())
  return outcome
}

/** The last day that has been added to each theatre's programme, by its key. */
type Coverage = Readonly<Record<string, string>>

const settingName = 'demo'

async function readCoverage(database: Database): Promise<Coverage | null> {
  const row = await database.read
    .selectFrom('settings')
    .select('value')
    .where('name', '=', settingName)
    .executeTakeFirst()
  return row ? JSON.parse(row.value) : null
}

/** Whether a database is as it was made: nobody and nothing in it. */
export async function isDatabaseEmpty(query: Transaction['query']): Promise<boolean> {
  for (const table of ['users', 'theatres', 'movies'] as const) {
    const rows = await query.selectFrom(table).select('id').limit(1).execute()
    if (rows.length > 0) return false
  }
  return true
}

async function seedIn(
  tx: Transaction,
  accounts: readonly HashedAccount[],
  force: boolean,
): Promise<DemoOutcome | Refusal<'validation_failed'>> {
  // Whoever comes second waits at this row until the first has committed.
  const first = await tx.query
    .insertInto('settings')
    .values({ name: settingName, value: '{}' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('name')
    .execute()
  if (first.length === 0) {
    const hasNewDays = await topUp(tx)
    return (await openTonight(tx)) || hasNewDays ? 'topped up' : 'covered'
  }
  if (!force && !(await isDatabaseEmpty(tx.query))) return refuse('validation_failed', 'The database is not empty.')
  await seedEverything(tx, accounts)
  await openTonight(tx)
  return 'seeded'
}

async function seedEverything(tx: Transaction, accounts: readonly HashedAccount[]): Promise<void> {
  const days = missingDays({}, tx.nowMs)
  const programme = demoProgramme(days, tx.nowMs)
  const impossible = () => {
    throw new Error('the demo’s own data is wrong')
  }
  const theatres = await importTheatres(tx, programme, impossible)
  const auditoriums = await importAuditoriums(tx, programme, theatres, impossible)
  const movies = await importMovies(tx, programme)
  await addWhatFits(tx, programme, { theatres, auditoriums, movies })
  await writeCoverage(tx, days)
  const { owner, staff } = await createDemoAccounts(tx, accounts)
  const theatreId = theatres.ids.get(demoTheatres[0]?.key ?? '')
  assert(theatreId !== undefined, 'The first theatre was just made')
  if (owner) await tx.query.updateTable('theatres').set({ ownerId: owner }).where('id', '=', theatreId).execute()
  if (staff) await addStaff(tx, { raiseToStaff: async () => {} }, theatreId, staff)
}

const nothing: TakenBefore['theatres'] = { ids: new Map(), upserted: [] }

/** Adds the days that are missing; nothing that was changed or deleted on other days comes back. */
async function topUp(tx: Transaction): Promise<boolean> {
  // An update that changes nothing locks the row: two servers take turns.
  const { value } = await tx.query
    .updateTable('settings')
    .set((settings) => ({ value: settings.ref('value') }))
    .where('name', '=', settingName)
    .returning('value')
    .executeTakeFirstOrThrow()
  const days = missingDays(JSON.parse(value), tx.nowMs)
  if (days.length === 0) return false
  await addWhatFits(tx, demoShowtimes(days), { theatres: nothing, auditoriums: nothing, movies: nothing })
  await writeCoverage(tx, days)
  return true
}

/** A theatre in which everything has begun gets one more show, so that there is something to buy tonight. */
async function openTonight(tx: Transaction): Promise<boolean> {
  let added = false
  for (const theatre of demoTheatres) {
    const day = businessDate(tx.nowMs, theatre.timeZone)
    const coming = await tx.query
      .selectFrom('showtimes')
      .innerJoin('theatres', 'theatres.id', 'showtimes.theatreId')
      .select('showtimes.id')
      .where('theatres.externalKey', '=', theatre.key)
      .where('businessDate', '=', day)
      .where('startsAt', '>', tx.nowMs + soonMs)
      .where('status', '=', 'scheduled')
      .limit(1)
      .execute()
    if (coming.length > 0) continue
    const night = demoNight(theatre, day, tx.nowMs)
    added ||= night.showtimes.lines.length > 0
    await addWhatFits(tx, night, { theatres: nothing, auditoriums: nothing, movies: nothing })
  }
  return added
}

function missingDays(coverage: Coverage, nowMs: number): DemoDays[] {
  return demoTheatres.flatMap((theatre) => {
    const today = businessDate(nowMs, theatre.timeZone)
    const covered = coverage[theatre.key]
    const first = covered !== undefined && covered >= today ? addDays(covered, 1) : today
    const last = addDays(today, daysAhead)
    return first <= last ? [{ theatre, first, last }] : []
  })
}

async function writeCoverage(tx: Transaction, days: readonly DemoDays[]): Promise<void> {
  const { value } = await tx.query
    .selectFrom('settings')
    .select('value')
    .where('name', '=', settingName)
    .executeTakeFirstOrThrow()
  const covered: Coverage = {
    ...JSON.parse(value),
    ...Object.fromEntries(days.map(({ theatre, last }) => [theatre.key, last])),
  }
  await tx.query
    .updateTable('settings')
    .set({ value: JSON.stringify(covered) })
    .where('name', '=', settingName)
    .execute()
}

/** Adds the showtimes that can be: halls and films may have gone, and other showtimes may be in the way. */
async function addWhatFits(tx: Transaction, programme: Programme, taken: TakenBefore): Promise<void> {
  const unfit = new Set<number>()
  for (let rest = programme; ;) {
    await importShowtimes(tx, rest, taken, (_file, line) => unfit.add(line))
    if (unfit.size === 0) return
    const lines = rest.showtimes.lines.filter(({ line }) => !unfit.has(line))
    rest = { ...rest, showtimes: { ...rest.showtimes, lines } }
    unfit.clear()
  }
}
