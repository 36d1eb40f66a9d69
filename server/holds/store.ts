import type { Layout } from '../../contract/layouts.ts'
import type { Database } from '../database/database.ts'
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
  readonly version: number
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
  s.sales_paused AS "salesPaused", s.currency, s.prices, t.settings, l.version
  FROM showtimes s JOIN theatres t ON t.id = s.theatre_id JOIN showtime_ledgers l ON l.showtime_id = s.id WHERE s.id = $1`

const layoutText = 'SELECT layout FROM layouts WHERE auditorium_id = $1 AND version = $2'

const rememberedLayouts = 2000
const rememberedTerms = 5000

/** Reads showtimes for sale; layouts (which never change) and parsed terms are remembered. */
export interface HoldStore {
  findShowtime(id: string): Promise<ShowtimeForSale | null>
  layout(auditoriumId: string, version: number): Promise<Layout>
  /** The claims of a showtime, live or lapsed. */
  claims(showtimeId: string): Promise<Claim[]>
  findHold(id: string): Promise<HoldRow | null>
}

export function createHoldStore(database: Database): HoldStore {
  const layouts = new Map<string, Layout>()
  const parsed = new Map<
    string,
    { readonly source: string; readonly settings: Settings; readonly terms: HoldTerms; readonly termsText: string }
  >()

  async function layout(auditoriumId: string, version: number): Promise<Layout> {
    const name = `${auditoriumId}/${version}`
    const known = layouts.get(name)
    if (known) return known
    const [row] = await database.readPrepared<{ layout: string }>('layout', layoutText, [auditoriumId, version])
    if (!row) throw new Error(`There is no version ${version} of the layout of ${auditoriumId}`)
    const read: Layout = JSON.parse(row.layout)
    remember(layouts, name, read, rememberedLayouts)
    return read
  }

  function parse(row: ShowtimeForSaleRow) {
    const source = `${row.prices}\n${row.settings}`
    const known = parsed.get(row.id)
    if (known?.source === source) return known
    const settings = settingsOf(row)
    const prices: PriceRow[] = JSON.parse(row.prices)
    const { ticketFee, taxRatePercent, pricesIncludeTax } = settings
    const terms = { currency: row.currency, prices, ticketFee, taxRatePercent, pricesIncludeTax }
    const entry = { source, settings, terms, termsText: JSON.stringify(terms) }
    remember(parsed, row.id, entry, rememberedTerms)
    return entry
  }

  return {
    layout,
    async findShowtime(id) {
      const [row] = await database.readPrepared<ShowtimeForSaleRow>('showtime-for-sale', showtimeForSale, [id])
      if (!row) return null
      const { settings, terms, termsText } = parse(row)
      return { ...row, layout: await layout(row.auditoriumId, row.layoutVersion), settings, terms, termsText }
    },
    async claims(showtimeId) {
      return await database.readPrepared<Claim>(
        'claims',
        'SELECT seat_id AS "seatId", kind, ref, expires_at AS "expiresAt", places FROM seat_claims WHERE showtime_id = $1',
        [showtimeId],
      )
    },
    async findHold(id) {
      const [hold] = await database.readPrepared<HoldRow>(
        'hold',
        `SELECT id, showtime_id AS "showtimeId", auditorium_id AS "auditoriumId", layout_version AS "layoutVersion", seats, count, terms, client, address, user_id AS "userId", channel, status,
          booking_id AS "bookingId", extensions_left AS "extensionsLeft", created_at AS "createdAt", expires_at AS "expiresAt"
          FROM holds WHERE id = $1`,
        [id],
      )
      return hold ?? null
    },
  }
}

function remember<Value>(map: Map<string, Value>, name: string, value: Value, most: number): void {
  map.set(name, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}
