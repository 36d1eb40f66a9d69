import type { Layout } from '../../contract/layouts.ts'
import type { TheatreInput } from '../../contract/venues.ts'
import { inChunks } from '../database/chunks.ts'
import type { Upserted } from '../database/chunks.ts'
import type { Transaction } from '../database/database.ts'
import type { LayoutRow, TheatreRow } from '../database/tables/venues.ts'
import { must } from '../platform/assert.ts'
import { fold } from '../platform/fold.ts'
import { newId } from '../platform/ids.ts'
import { capacityOf } from './layout.ts'
import { holdsColumns, patchedTheatreFacts, theatreColumnsOf, theatreFactsOfInput, theatreFactsOfRow } from './model.ts'
import type { AuditoriumWithLayout } from './store.ts'

export interface KeyedTheatre {
  /** The source's own id. */
  readonly externalKey: string
  /** Checked already: `theatreProblems` finds nothing. */
  readonly theatre: Omit<TheatreInput, 'ownerId'>
}

/** One of `upsertTheatres`. */
export async function upsertTheatre(tx: Transaction, keyed: KeyedTheatre): Promise<Upserted> {
  return must((await upsertTheatres(tx, [keyed]))[0], 'One theatre in, one out')
}

/**
 * Adds or changes theatres known by their external keys (each once), and answers what became of each, in their order. A
 * field that is not given stays as it is; a row that says the same already is not touched. New ones belong to the house.
 */
export async function upsertTheatres(tx: Transaction, keyed: readonly KeyedTheatre[]): Promise<Upserted[]> {
  return await inChunks(keyed, async (chunk) => {
    const keys = chunk.map((each) => each.externalKey)
    const known = await tx.query.selectFrom('theatres').selectAll().where('externalKey', 'in', keys).execute()
    const byKey = new Map(known.map((row) => [row.externalKey, row]))
    const added: TheatreRow[] = []
    const results: Upserted[] = []
    for (const { externalKey, theatre } of chunk) {
      const row = byKey.get(externalKey)
      if (row) {
        results.push(await changeTheatreIfDifferent(tx, row, theatre))
        continue
      }
      const id = newId('theatre', tx.nowMs)
      const columns = theatreColumnsOf(theatreFactsOfInput(theatre))
      const times = { createdAt: tx.nowMs, updatedAt: tx.nowMs }
      added.push({ id, externalKey, ...columns, ownerId: null, settings: '{}', revision: 1, ...times })
      results.push({ id, outcome: 'created' })
    }
    if (added.length > 0) await tx.query.insertInto('theatres').values(added).execute()
    return results
  })
}

async function changeTheatreIfDifferent(
  tx: Transaction,
  row: TheatreRow,
  theatre: KeyedTheatre['theatre'],
): Promise<Upserted> {
  const columns = theatreColumnsOf(patchedTheatreFacts(theatreFactsOfRow(row), theatre))
  if (holdsColumns(row, columns)) return { id: row.id, outcome: 'unchanged' }
  const change = { ...columns, revision: row.revision + 1, updatedAt: tx.nowMs }
  await tx.query.updateTable('theatres').set(change).where('id', '=', row.id).execute()
  return { id: row.id, outcome: 'changed' }
}

export interface KeyedAuditorium {
  readonly externalKey: string
  /** Our id, as `upsertTheatres` answered it. An auditorium never moves to another theatre: that one is refused before. */
  readonly theatreId: string
  readonly name: string
  /** Not given: it stays; a new auditorium has the theatre's. */
  readonly turnaroundMinutes?: number | null | undefined
  /** As `parseAnyLayout` gave it. */
  readonly layout: Layout
}

/** One of `upsertAuditoriums`. */
export async function upsertAuditorium(tx: Transaction, keyed: KeyedAuditorium): Promise<Upserted> {
  return must((await upsertAuditoriums(tx, [keyed]))[0], 'One auditorium in, one out')
}

/** The same for auditoriums: another layout becomes a new version, and what is sold keeps the old one. */
export async function upsertAuditoriums(tx: Transaction, keyed: readonly KeyedAuditorium[]): Promise<Upserted[]> {
  return await inChunks(keyed, async (chunk) => {
    const byKey = await knownAuditoriums(
      tx,
      chunk.map((each) => each.externalKey),
    )
    const added: { auditorium: Omit<AuditoriumWithLayout, 'layout'>; layout: LayoutRow }[] = []
    const results: Upserted[] = []
    for (const each of chunk) {
      const row = byKey.get(each.externalKey)
      if (row) {
        results.push(await changeAuditoriumIfDifferent(tx, row, each))
        continue
      }
      const id = newId('auditorium', tx.nowMs)
      const layout = layoutRowOf(id, 1, each.layout, tx.nowMs)
      const { externalKey, theatreId, name, turnaroundMinutes = null } = each
      const columns = { theatreId, name, nameFolded: fold(name), turnaroundMinutes, layoutVersion: 1 }
      const { seating, capacity } = layout
      const times = { createdAt: tx.nowMs, updatedAt: tx.nowMs }
      added.push({ auditorium: { id, externalKey, ...columns, seating, capacity, revision: 1, ...times }, layout })
      results.push({ id, outcome: 'created' })
    }
    if (added.length > 0) {
      await tx.query
        .insertInto('auditoriums')
        .values(added.map(({ auditorium }) => auditorium))
        .execute()
      await tx.query
        .insertInto('layouts')
        .values(added.map(({ layout }) => layout))
        .execute()
    }
    return results
  })
}

async function knownAuditoriums(tx: Transaction, keys: readonly string[]) {
  const rows = await tx.query
    .selectFrom('auditoriums')
    .innerJoin('layouts', (join) =>
      join
        .onRef('layouts.auditoriumId', '=', 'auditoriums.id')
        .onRef('layouts.version', '=', 'auditoriums.layoutVersion'),
    )
    .selectAll('auditoriums')
    .select('layouts.layout')
    .where('externalKey', 'in', keys)
    .execute()
  return new Map(rows.map((row) => [row.externalKey, row]))
}

function layoutRowOf(auditoriumId: string, version: number, layout: Layout, nowMs: number): LayoutRow {
  const { seating } = layout
  return {
    auditoriumId,
    version,
    seating,
    capacity: capacityOf(layout),
    layout: JSON.stringify(layout),
    createdAt: nowMs,
  }
}

async function changeAuditoriumIfDifferent(
  tx: Transaction,
  row: AuditoriumWithLayout,
  wanted: KeyedAuditorium,
): Promise<Upserted> {
  const isNewLayout = JSON.stringify(wanted.layout) !== row.layout
  const layoutVersion = row.layoutVersion + (isNewLayout ? 1 : 0)
  const layout = layoutRowOf(row.id, layoutVersion, wanted.layout, tx.nowMs)
  const columns = {
    name: wanted.name,
    nameFolded: fold(wanted.name),
    turnaroundMinutes: wanted.turnaroundMinutes === undefined ? row.turnaroundMinutes : wanted.turnaroundMinutes,
    layoutVersion,
    seating: layout.seating,
    capacity: layout.capacity,
  }
  if (holdsColumns(row, columns)) return { id: row.id, outcome: 'unchanged' }
  if (isNewLayout) await tx.query.insertInto('layouts').values(layout).execute()
  const change = { ...columns, revision: row.revision + 1, updatedAt: tx.nowMs }
  await tx.query.updateTable('auditoriums').set(change).where('id', '=', row.id).execute()
  return { id: row.id, outcome: 'changed' }
}
