import type { Database } from '../database/database.ts'

/** How long what was taken and not paid counts, milliseconds. */
export const unpaidWindowMs = 15 * 60_000
/** How old a reading may be: a flood of requests asks the database once a second. */
const freshMs = 1000
const remembered = 5000
/** A smaller hall counts as one of so many places: a few people who change their minds take a small room several times over. */
const smallestHall = 200

/** A place that is kept for so long and not paid counts once. */
const fullMs = 5 * 60_000
/** No hold is extended, booked and waited with for longer before it reaches into the last quarter of an hour. */
const longestKeptMs = 30 * 60_000

/**
 * What the web kept in the last quarter of an hour ($2 to $3) and nobody has paid, in milliseconds of places: held, waiting for
 * money, let lapse, or given back. What was not given back counts in full from the beginning; what was, for as long as it was kept.
 */
const unpaidPlaceMs = `SELECT COALESCE(SUM(count *
    CASE WHEN NOT given_back AND created_at > $2 AND ended_at - created_at < ${fullMs} THEN ${fullMs}
      ELSE ended_at - CASE WHEN created_at > $2 THEN created_at ELSE $2 END END), 0) AS kept
  FROM (SELECT h.count, h.created_at, h.status = 'released' OR COALESCE(b.status, '') = 'cancelled' AS given_back,
      CASE WHEN COALESCE(b.ended_at, b.expires_at, h.expires_at) < $3
        THEN COALESCE(b.ended_at, b.expires_at, h.expires_at) ELSE $3 END AS ended_at
    FROM holds h LEFT JOIN bookings b ON b.id = h.booking_id
    WHERE h.showtime_id = $1 AND h.created_at > $4 AND h.channel = 'web'
      AND (h.status <> 'booked' OR b.confirmed_at IS NULL)) AS taken
  WHERE ended_at > $2`

interface Reading {
  readonly atMs: number
  readonly share: Promise<number>
}

/** How hard showtimes are pressed by people who take seats and do not pay. Every server reads the same books. */
export interface Pressure {
  /** Unpaid places as a share of the hall, of 200 places at least: 1 is all of it for five minutes, and more where seats are kept on or taken again and again. */
  unpaidShare(showtime: { readonly id: string; readonly capacity: number }, nowMs: number): Promise<number>
}

export function createPressure(database: Database): Pressure {
  const readings = new Map<string, Reading>()

  async function read(showtimeId: string, capacity: number, nowMs: number): Promise<number> {
    const since = nowMs - unpaidWindowMs
    const values = [showtimeId, since, nowMs, since - longestKeptMs]
    const [row] = await database.readPrepared<{ kept: number }>('unpaid-places', unpaidPlaceMs, values)
    return (row?.kept ?? 0) / fullMs / Math.max(smallestHall, capacity)
  }

  return {
    async unpaidShare({ id, capacity }, nowMs) {
      const known = readings.get(id)
      if (known && Math.abs(nowMs - known.atMs) < freshMs) return await known.share
      const share = read(id, capacity, nowMs)
      // The latest last, so that the first is the oldest.
      readings.delete(id)
      readings.set(id, { atMs: nowMs, share })
      const [oldest] = readings.keys()
      if (readings.size > remembered && oldest !== undefined) readings.delete(oldest)
      // A reading that failed is nobody's: the next one asks again.
      share.catch(() => readings.get(id)?.share === share && readings.delete(id))
      return await share
    },
  }
}
