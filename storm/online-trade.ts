import { sql } from 'kysely'
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../server/database/database.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { formatInstant } from '../server/platform/time.ts'
import { doubledNames } from '../server/testing/doubles.ts'
import { runMatinee } from '../server/testing/spawned-server.ts'
import { expectedOf, noFindings } from './check.ts'
import type { Findings } from './check.ts'
import { watching } from './ground.ts'
import { nextOnlineStep } from './online-purchase.ts'
import { openPaymentWorld } from './payment-world.ts'
import type { PaymentWorld } from './payment-world.ts'
import type { Purchase } from './purchase.ts'
import type { Trade } from './trade.ts'
import type { Weather } from './weather.ts'

/** A booking waits so long for its money, seconds: longer than the look at its provider before it lapses needs. */
const paymentSeconds = 20
/** How often the pauses of the outbox are cut short at the end, and how long each time what is due may take. */
const settling = { rounds: 12, patienceMs: 40_000 } as const

/** Money taken by payment providers that misbehave; their own lists are the truth at the end. */
export async function openOnlineTrade(seed: string, longestPaymentSeconds = paymentSeconds): Promise<Trade> {
  let url = ''
  const world = await openPaymentWorld(seed, () => url)
  const startedAt = Date.now()
  return {
    environment: { ...world.environment, PAYMENT_SECONDS: String(longestPaymentSeconds) },
    nextStep: nextOnlineStep(world),
    expectedOf: expectedOnline,
    opened(now) {
      url = now
    },
    settle: async (weather, location) => await settle(world, weather, location),
    async compare(location, purchases) {
      const { findings, lines } = await watching(
        location,
        async ({ database }) => await compareMoney(database, world, purchases),
      )
      for (const name of doubledNames) world.double(name).statement.payOut()
      const days = ['--from', formatInstant(startedAt).slice(0, 10), '--to', formatInstant(Date.now()).slice(0, 10)]
      const { code, output } = await runMatinee(location, ['reconcile', ...days], world.environment)
      findings.other.push(...(await watching(location, async ({ database }) => await compareOwed(database, world))))
      findings.other.push(...world.faults, ...(code === 0 ? [] : [`matinee reconcile: exit ${code}\n${output}`]))
      return {
        findings,
        lines: [...lines, `matinee reconcile: ${code === 0 ? 'the books and the providers agree' : 'differs'}`],
      }
    },
    close: async () => await world.close(),
  }
}

/** How the money of an online purchase stands is compared with its provider; here only that nothing is gone. */
function expectedOnline(purchase: Purchase): Record<string, readonly string[]> {
  const { hold, booking, payment, outcome, cancelled, lapsed, online, showtimeId } = purchase
  const statuses = cancelled
    ? ['cancelled']
    : outcome === 'succeed'
      ? ['confirmed', ...(online?.bankLapsed ? ['cancelled'] : [])]
      : lapsed
        ? ['expired']
        : (online?.paidAt ?? 0) > 0
          ? ['confirmed', 'expired']
          : ['pending', 'expired']
  return {
    ...expectedOf(purchase),
    ...(hold && booking && { [booking.id]: statuses.map((status) => `${status} at ${showtimeId}`) }),
    ...(payment && { [payment.id]: ['paid', 'partially_refunded', 'refunded', 'failed', 'expired', 'voided'] }),
  }
}

/** Lets the providers come to themselves, and waits until all that was under way has come to its end. */
async function settle(world: PaymentWorld, weather: Weather, location: DatabaseLocation): Promise<void> {
  world.calm()
  await watching(location, async ({ database }) => {
    for (let round = 0; round < settling.rounds; round += 1) {
      // As if the pauses between two tries, and the lease of a server that was killed, were over.
      await weather.restart('SIGTERM', async () => await hurry(database))
      const until = performance.now() + settling.patienceMs
      while (performance.now() < until) {
        if (world.isQuiet() && (await unsettled(database)).length === 0) return
        await pause(250)
      }
    }
    throw new Error(`It does not come to an end: ${(await unsettled(database)).join('; ')}`)
  })
}

async function hurry(database: Database): Promise<void> {
  await database.write(async ({ query, nowMs }) => {
    await query
      .updateTable('outbox')
      .set({ availableAt: nowMs, leasedUntil: null })
      .where('doneAt', 'is', null)
      .where('attempts', '>', 0)
      .where('kind', 'like', 'payment.%')
      .execute()
  })
}

async function unsettled(database: Database): Promise<string[]> {
  const { rows } = await sql<{ what: string }>`
    SELECT kind || ' ' || payload || ' ' || COALESCE(last_error, '') AS what FROM outbox WHERE done_at IS NULL AND kind LIKE 'payment.%'
    UNION ALL SELECT 'pending ' || id AS what FROM bookings WHERE status = 'pending' AND expires_at IS NOT NULL`.execute(
    database.read,
  )
  return rows.map(({ what }) => what)
}

interface Standing {
  readonly id: string
  readonly status: string
  /** What its live tickets cost, minor units. */
  readonly due: number
  readonly payments: string
}

/** Each booking's money as the providers have it, to the penny, with what its seats cost; goodwill is known to who gave it. */
async function compareMoney(
  database: Database,
  world: PaymentWorld,
  purchases: readonly Purchase[],
): Promise<{ readonly findings: Findings; readonly lines: readonly string[] }> {
  const findings = noFindings()
  const goodwill = new Map(purchases.map(({ booking, online }) => [booking?.id, online?.goodwill ?? 0]))
  const known = new Set<string>()
  const sums = { kept: 0, sold: 0, seats: 0, returned: 0 }
  for (const { id, status, due, payments } of await readStandings(database)) {
    const theirs = payments === '' ? [] : payments.split(' ').map((one) => truthOf(world, one, known))
    const kept = theirs.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0)
    const owed = status === 'confirmed' ? due - (goodwill.get(id) ?? 0) : 0
    const what = `${id} (${status}): ${kept} kept by its provider, ${owed} for its seats`
    if (kept > owed) findings.chargedWithoutSeats.push(what)
    if (kept < owed) findings.unpaidWithSeats.push(what)
    if (theirs.some(({ state }) => state === 'requires_capture' || state === 'authorized')) {
      findings.other.push(`${id} (${status}): its money is still promised`)
    }
    sums.kept += kept
    sums.sold += owed
    sums.seats += status === 'confirmed' ? 1 : 0
    sums.returned += theirs.reduce((sum, { refunded }) => sum + refunded, 0)
  }
  for (const name of doubledNames) {
    for (const paymentId of world.double(name).payments()) {
      if (!known.has(paymentId)) findings.other.push(`${name} has ${paymentId}, of which the house knows nothing`)
    }
  }
  return { findings, lines: linesOf(world, purchases, sums) }
}

/** What the providers still owe, after their fees and payouts: by their own accounts, and by the books. */
async function compareOwed({ read }: Database, world: PaymentWorld): Promise<string[]> {
  const { rows } = await sql<{ owed: number }>`
    SELECT CAST(COALESCE(SUM(CASE WHEN debit = 'provider' THEN amount ELSE -amount END), 0) AS BIGINT) AS owed
    FROM money_postings WHERE debit = 'provider' OR credit = 'provider'`.execute(read)
  const theirs = doubledNames.reduce((sum, name) => sum + world.double(name).statement.totals().balance, 0)
  const ours = rows[0]?.owed ?? 0
  return ours === theirs ? [] : [`the providers owe ${theirs}, the books say ${ours}`]
}

function truthOf(world: PaymentWorld, named: string, known: Set<string>) {
  const [provider, paymentId = ''] = named.split('/')
  known.add(paymentId)
  return world.double(provider === 'mollie' ? 'mollie' : 'stripe').truth(paymentId)
}

async function readStandings(database: Database): Promise<readonly Standing[]> {
  const all =
    database.engine === 'postgres'
      ? sql`STRING_AGG(p.provider || '/' || p.id, ' ')`
      : sql`GROUP_CONCAT(p.provider || '/' || p.id, ' ')`
  const { rows } = await sql<Standing>`
    SELECT b.id, b.status, COALESCE((SELECT ${all} FROM payments AS p WHERE p.booking_id = b.id), '') AS payments,
      CAST(COALESCE((SELECT SUM(t.price_amount - t.discount_amount + t.fee_amount + t.tax_amount) FROM tickets AS t
        WHERE t.booking_id = b.id AND t.status <> 'void'), 0) AS BIGINT) AS due
    FROM bookings AS b`.execute(database.read)
  return rows
}

function linesOf(
  world: PaymentWorld,
  purchases: readonly Purchase[],
  { kept, sold, seats, returned }: Readonly<Record<'kept' | 'sold' | 'seats' | 'returned', number>>,
): string[] {
  const having = (is: (purchase: Purchase) => unknown) => purchases.filter((purchase) => is(purchase)).length
  const counted = [...world.injected].map(([name, times]) => `${times} × ${name}`)
  return [
    `at the providers: ${having(({ payment }) => payment)} payments begun, ${having(({ online }) => (online?.paidAt ?? 0) > 0)} went to the page, ${having(({ online }) => online?.bankLapsed)} let go by the bank; ${seats} bookings stand`,
    `money in ${kept}, seats sold ${sold}, difference ${kept - sold}; given back ${returned}`,
    `they misbehaved: ${counted.join(', ')}`,
  ]
}
