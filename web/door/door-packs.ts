import type { QueryClient } from '@tanstack/react-query'
import { call } from '../api.ts'
import { myTheatresQuery } from '../management/theatres.ts'
import { drop, keep, readAll } from './door-store.ts'
import type { KeptPack } from './judge-code.ts'

const hourMs = 3_600_000
/** Showtimes that a door may have to do with: those that run, and those of the next hours. */
const behindMs = 4 * hourMs
const aheadMs = 8 * hourMs

/** Fetches the packs of tonight's showtimes where somebody works, keeps them, and drops those that are over. */
export async function fetchPacks(queries: QueryClient, nowMs: number): Promise<readonly KeptPack[]> {
  const theatres = await queries.fetchQuery(myTheatresQuery)
  const kept: KeptPack[] = []
  for (const theatre of theatres) {
    const query = {
      theatreId: theatre.id,
      from: new Date(nowMs - behindMs).toISOString(),
      to: new Date(nowMs + aheadMs).toISOString(),
      limit: 100,
    }
    const { data } = await call('listShowtimes', { query })
    for (const { id, status, endsAt } of data) {
      if (status !== 'scheduled' || Date.parse(endsAt) < nowMs) continue
      const pack = await call('getDoorPack', { params: { id } })
      kept.push({ pack, doorsOpenMinutes: theatre.settings.doorsOpenMinutes })
    }
  }
  for (const each of kept) await keep('packs', each)
  const current = new Set(kept.map(({ pack }) => pack.showtime.id))
  for (const { pack } of await readAll('packs')) {
    if (!current.has(pack.showtime.id)) await drop('packs', pack.showtime.id)
  }
  return kept
}
