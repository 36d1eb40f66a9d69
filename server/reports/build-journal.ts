import { sql } from 'kysely'
import { streamRows } from '../database/stream-rows.ts'
import type { MoneyPostingRow } from '../database/tables/money-ledger.ts'
import { addDays, businessDate, formatInstant } from '../platform/time.ts'
import { csvLine } from './csv.ts'
import type { Source } from './source.ts'
import { inMajorUnits } from './write.ts'

export interface JournalQuestion {
  /** Business days, both included. */
  readonly from: string
  readonly to: string
  /** Null: every theatre, and vouchers, which belong to none. */
  readonly theatreId: string | null
  /** Every posting by itself; otherwise their sums of each day. */
  readonly each: boolean
}

interface Entry extends MoneyPostingRow {
  readonly reference: string | null
  readonly showDate: string | null
}

const dayMs = 24 * 3600_000

/**
 * The ledger of money as a CSV file: by business day, from which account to which, either summed up or posting by posting.
 * Written while it is read; sums are held for one file's days at most.
 */
export async function* writeJournal(source: Source, question: JournalQuestion): AsyncGenerator<string> {
  yield `\ufeff${csvLine(question.each ? eachHeadings : sumHeadings)}`
  const sums = new Map<string, { readonly cells: readonly string[]; amount: number }>()
  for await (const entries of streamRows(source.query, entriesOf(question))) {
    let text = ''
    for (const entry of entries) {
      const day = dayOf(source, entry)
      if (day < question.from || day > question.to) continue
      if (question.each) text += eachLine(day, entry)
      else addUp(sums, day, entry)
    }
    if (text !== '') yield text
  }
  const sorted = [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1))
  yield sorted.map(([, { cells, amount }]) => csvLine([...cells, amount, major(amount, cells.at(-1) ?? '')])).join('')
}

/** A day of any theatre begins and ends within a day of the one that is named so in UTC. */
function entriesOf({ from, to, theatreId }: JournalQuestion) {
  const [fromMs, beforeMs] = [
    Date.parse(`${addDays(from, -1)}T00:00:00Z`),
    Date.parse(`${addDays(to, 1)}T00:00:00Z`) + 2 * dayMs,
  ]
  const ofTheatre = theatreId === null ? sql`1 = 1` : sql`m.theatre_id = ${theatreId}`
  return sql<Entry>`
    SELECT m.*, b.reference, s.business_date AS show_date
    FROM money_postings AS m LEFT JOIN bookings AS b ON b.id = m.subject_id LEFT JOIN showtimes AS s ON s.id = b.showtime_id
    WHERE m.at >= ${fromMs} AND m.at < ${beforeMs} AND ${ofTheatre}
    ORDER BY m.at, m.subject_id, m.fact_id, m.fact, m.debit, m.credit`
}

/** The theatre's business day; of what belongs to none, the day in UTC. */
function dayOf({ theatres }: Source, { theatreId, at }: Entry): string {
  const theatre = theatreId === null ? undefined : theatres.get(theatreId)
  return theatre ? businessDate(at, theatre.timeZone, theatre.businessDayStartsAt) : formatInstant(at).slice(0, 10)
}

const sumHeadings = ['day', 'theatreId', 'showDate', 'fact', 'debit', 'credit', 'currency', 'amount', 'amountMajor']
const eachHeadings = [...sumHeadings, 'at', 'bookingReference', 'subjectId', 'factId', 'shiftId', 'voucherId']

function cellsOf(day: string, { theatreId, showDate, fact, debit, credit, currency }: Entry): string[] {
  return [day, theatreId ?? '', showDate ?? '', fact, debit, credit, currency]
}

function addUp(
  sums: Map<string, { readonly cells: readonly string[]; amount: number }>,
  day: string,
  entry: Entry,
): void {
  const cells = cellsOf(day, entry)
  sums.getOrInsertComputed(cells.join('\n'), () => ({ cells, amount: 0 })).amount += entry.amount
}

function eachLine(day: string, entry: Entry): string {
  const { amount, currency, at, reference, subjectId, factId, shiftId, voucherId } = entry
  const more = [formatInstant(at), reference, subjectId, factId, shiftId, voucherId]
  return csvLine([...cellsOf(day, entry), amount, major(amount, currency), ...more])
}

function major(amount: number, currency: string): number {
  return inMajorUnits(amount, currency)
}
