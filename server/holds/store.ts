import type { Layout } from '../../contract/layouts.ts'
import type { Database } from '../database/database.ts'
import { readRow } from '../database/rows.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import type { PriceRow } from '../showtimes/pricing.ts'
import { settingsOf } from '../venues/settings.ts'
import type { Settings } from '../venues/settings.ts'
import type { Claim, HoldTerms, SalesState } from './model.ts'

/** A showtime with all that selling its seats needs. */
export interface ShowtimeForSale extends SalesState {
  readonly id: string
  readonly theatreId: string
  readonly ownerId: string | null
  readonly movieId: string
  readonly auditoriumId: string
  readonly layoutVersion: number
  readonly visibility: 'public' | 'unlisted' | 'private'
  readonly startsAt: number
  readonly endsAt: number
  /** When it was last moved although seats were sold; null: never. */
  readonly rescheduledAt: number | null
  readonly capacity: number
  readonly revision: number
  readonly theatreRevision: number
  readonly version: number
  /** One where only whoever was admitted may hold seats, else none. */
  readonly waitingRooms: number
  readonly layout: Layout
  readonly settings: Settings
  readonly terms: HoldTerms
  /** `terms` as text, as a hold keeps them. */
  readonly termsText: string
}

interface ShowtimeForSaleRow extends Omit<ShowtimeForSale, 'layout' | 'settings' | 'terms' | 'termsText'> {
  readonly currency: string
  readonly prices: string
  readonly settings: string
}

const showtimeForSale = `SELECT s.id, s.theatre_id AS "theatreId", t.owner_id AS "ownerId", s.movie_id AS "movieId", s.auditorium_id AS "auditoriumId",
  s.layout_version AS "layoutVersion", s.visibility, s.starts_at AS "startsAt", s.ends_at AS "endsAt", s.rescheduled_at AS "rescheduledAt", s.capacity, s.revision, s.status,
  s.sales_open_at AS "salesOpenAt", s.sales_close_at AS "salesCloseAt", s.staff_sales_close_at AS "staffSalesCloseAt",
  s.sales_paused AS "salesPaused", s.currency, s.prices, t.settings, t.revision AS "theatreRevision", l.version,
  (SELECT COUNT(*) FROM waiting_rooms w WHERE w.showtime_id = s.id) AS "waitingRooms"
  FROM showtimes s JOIN theatres t ON t.id = s.theatre_id JOIN showtime_ledgers l ON l.showtime_id = s.id`

const layoutText = 'SELECT layout FROM layouts WHERE auditorium_id = $1 AND version = $2'

const rememberedLayouts = 2000
const rememberedShowtimes = 5000

interface Known {
  /** The database's, when the row was read. */
  readonly mark: number | undefined
  readonly row: ShowtimeForSaleRow
  readonly showtime: ShowtimeForSale
}

/** Reads showtimes for sale; layouts (which never change) and parsed terms are remembered. */
export interface HoldStore {
  findShowtime(id: string): Promise<ShowtimeForSale | null>
  /** As `findShowtime` answered last; null when that is too long ago. For those who compare its revisions in a transaction. */
  knownShowtime(id: string): ShowtimeForSale | null
  layout(auditoriumId: string, version: number): Promise<Layout>
  /** The claims of a showtime, live or lapsed. */
  claims(showtimeId: string): Promise<Claim[]>
  findHold(id: string): Promise<HoldRow | null>
}

export function createHoldStore(database: Database): HoldStore {
  const layouts = new Map<string, Layout>()
  const known = new Map<string, Known>()

  async function layout(auditoriumId: string, version: number): Promise<Layout> {
    const name = `${auditoriumId}/${version}`
    const kept = layouts.get(name)
    if (kept) return kept
    const [row] = await database.readPrepared<{ layout: string }>('layout', layoutText, [auditoriumId, version])
    if (!row) throw new Error(`There is no version ${version} of the layout of ${auditoriumId}`)
    const read: Layout = JSON.parse(row.layout)
    remember(layouts, name, read, rememberedLayouts)
    return read
  }

  async function showtimeOf(row: ShowtimeForSaleRow): Promise<ShowtimeForSale> {
    const before = known.get(row.id)
    const isSame = before?.row.prices === row.prices && before.row.settings === row.settings
    const parsed = isSame ? before.showtime : parse(row)
    const { settings, terms, termsText } = parsed
    const hall = await layout(row.auditoriumId, row.layoutVersion)
    return { ...row, layout: hall, settings, terms, termsText }
  }

  return {
    layout,
    async findShowtime(id) {
      const mark = database.commitMark?.()
      const before = known.get(id)
      if (before && mark !== undefined && before.mark === mark) return before.showtime
      const row = await database.readById<ShowtimeForSaleRow>(showtimeForSale, 's.id', id)
      if (!row) return null
      const showtime = await showtimeOf(row)
      remember(known, id, { mark, row, showtime }, rememberedShowtimes)
      return showtime
    },
    knownShowtime: (id) => known.get(id)?.showtime ?? null,
    async claims(showtimeId) {
      return await database.readPrepared<Claim>(
        'claims',
        'SELECT seat_id AS "seatId", kind, ref, expires_at AS "expiresAt", places FROM seat_claims WHERE showtime_id = $1',
        [showtimeId],
      )
    },
    async findHold(id) {
      return await readRow(database, 'holds', id)
    },
  }
}

function parse(row: ShowtimeForSaleRow): Pick<ShowtimeForSale, 'settings' | 'terms' | 'termsText'> {
  const settings = settingsOf(row)
  const prices: PriceRow[] = JSON.parse(row.prices)
  const { ticketFee, taxRatePercent, pricesIncludeTax } = settings
  const terms = { currency: row.currency, prices, ticketFee, taxRatePercent, pricesIncludeTax }
  return { settings, terms, termsText: JSON.stringify(terms) }
}

function remember<Value>(map: Map<string, Value>, name: string, value: Value, most: number): void {
  map.set(name, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
