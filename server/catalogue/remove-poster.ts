import type { Database, Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import type { OutboxHandler } from '../jobs/outbox-worker.ts'
import type { Storage } from '../platform/storage.ts'
import { posterFormats, posterWidths } from './render-poster.ts'

const removeWork = 'poster.remove'

/** Pages that are open still show the poster of before for a while. */
const graceMs = 3600_000

/** The files of a poster of ours, by the address that a movie has of it; none of another one's. */
export function posterFiles(posterUrl: string | null): string[] {
  const folder = /^\/media\/(posters\/[0-9a-f]{32})\/720\.jpg$/.exec(posterUrl ?? '')?.[1]
  if (folder === undefined) return []
  return posterWidths.flatMap((width) => posterFormats.map((format) => `${folder}/${width}.${format}`))
}

/** A movie has this poster no more: an hour later its files go, unless another movie has the same. */
export async function leavePoster(tx: Transaction, posterUrl: string | null): Promise<void> {
  if (posterFiles(posterUrl).length > 0) await enqueue(tx, removeWork, { posterUrl }, tx.nowMs + graceMs)
}

/**
 * Removes posters that nothing refers to. Somebody may send the same picture at this very moment: it puts its files first,
 * and looks for them after its commit; here what was removed is put back when somebody has it after all.
 */
export function posterHandlers(database: Database, storage: Storage): Record<string, OutboxHandler> {
  const isUsed = async (posterUrl: string) =>
    (await database.read.selectFrom('movies').select('id').where('posterUrl', '=', posterUrl).executeTakeFirst()) !==
    undefined
  return {
    [removeWork]: async (payload) => {
      const posterUrl = String(payload['posterUrl'])
      if (await isUsed(posterUrl)) return
      const removed: [name: string, bytes: Buffer][] = []
      for (const name of posterFiles(posterUrl)) {
        const bytes = await storage.get(name)
        if (!bytes) continue
        removed.push([name, bytes])
        await storage.remove(name)
      }
      if (!(await isUsed(posterUrl))) return
      for (const [name, bytes] of removed) await storage.put(name, bytes)
    },
  }
}
