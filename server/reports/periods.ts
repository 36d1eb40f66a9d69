import { sql } from 'kysely'
import type { Grouping } from '../../contract/reports.ts'
import { addDays, businessDate, businessDayRange } from '../platform/time.ts'
import { groupOfDay } from './model.ts'
import type { ReportQuestion, ReportTheatre } from './model.ts'
import { askedTheatres } from './source.ts'
import type { Source } from './source.ts'

/** Time of one theatre that belongs to one group: `fromMs <= instant < beforeMs`. */
export interface Stretch {
  readonly theatreId: string
  readonly key: string
  readonly fromMs: number
  readonly beforeMs: number
}

interface Life {
  readonly theatreId: string
  readonly firstMs: number | null
  readonly lastMs: number | null
}

/** Tells the range of a business day; theatres of one zone share what was worked out. */
function dayRanges() {
  const known = new Map<string, { readonly fromMs: number; readonly toMs: number }>()
  return (day: string, { timeZone, businessDayStartsAt }: ReportTheatre) => {
    const name = `${day} ${businessDayStartsAt} ${timeZone}`
    return known.getOrInsertComputed(name, () => businessDayRange(day, timeZone, businessDayStartsAt))
  }
}

/**
 * The time that a question by day of sale is about, cut where a group ends and another begins: days, film weeks and months
 * are the theatre's own, so that money at 00:30 counts for the evening before. Other groups are not cut.
 */
export async function stretchesOf(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping | 'showtime',
): Promise<Stretch[]> {
  const rangeOf = dayRanges()
  const lives = new Map((await livesOf(source)).map((life) => [life.theatreId, life]))
  return askedTheatres(source, question).flatMap((theatre) => {
    const { firstMs = null, lastMs = null } = lives.get(theatre.id) ?? {}
    if (firstMs === null || lastMs === null) return []
    const dayOf = (instantMs: number) => businessDate(instantMs, theatre.timeZone, theatre.businessDayStartsAt)
    const first = laterOf(dayOf(firstMs), question.from)
    const last = earlierOf(dayOf(lastMs), question.to)
    if (last < first) return []
    const whole = { fromMs: rangeOf(first, theatre).fromMs, beforeMs: rangeOf(last, theatre).toMs }
    if (groupBy !== 'day' && groupBy !== 'week' && groupBy !== 'month') {
      return [{ theatreId: theatre.id, key: theatre.id, ...whole }]
    }
    const stretches: Stretch[] = []
    for (let day = first; day <= last; day = addDays(day, 1)) {
      const { fromMs, toMs: beforeMs } = rangeOf(day, theatre)
      const key = groupOfDay(groupBy, day, theatre)
      const before = stretches.at(-1)
      if (before?.key === key) stretches[stretches.length - 1] = { ...before, beforeMs }
      else stretches.push({ theatreId: theatre.id, key, fromMs, beforeMs })
    }
    return stretches
  })
}

/** When each theatre's money first and last moved: the ends of an index, whatever lies between. */
async function livesOf({ query, engine }: Source): Promise<Life[]> {
  const end = (which: 'MIN' | 'MAX') => {
    const outermost = sql.raw(engine === 'sqlite' ? which : which === 'MIN' ? 'LEAST' : 'GREATEST')
    const never = which === 'MIN' ? sql.lit(Number.MAX_SAFE_INTEGER) : sql.lit(-1)
    const of = (table: string, column: string) => sql`COALESCE((SELECT ${sql.raw(which)}(m.${sql.ref(column)})
      FROM ${sql.table(table)} AS m WHERE m.theatre_id = t.id AND m.${sql.ref(column)} IS NOT NULL), ${never})`
    return sql`NULLIF(${outermost}(${of('payments', 'authorised_at')}, ${of('bookings', 'confirmed_at')},
      ${of('refunds', 'created_at')}), ${never})`
  }
  const { rows } = await sql<Life>`
    SELECT t.id AS theatre_id, ${end('MIN')} AS first_ms, ${end('MAX')} AS last_ms FROM theatres AS t`.execute(query)
  return rows
}

function laterOf(day: string, other: string | null): string {
  return other !== null && other > day ? other : day
}

function earlierOf(day: string, other: string | null): string {
  return other !== null && other < day ? other : day
}
