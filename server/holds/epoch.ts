import type { Database } from '../database/database.ts'

const epochSetting = 'epoch'

/** Reads the name of this life of the database, and makes it where there is none. */
export async function readEpoch(database: Database): Promise<string> {
  const read = async () =>
    (await database.read.selectFrom('settings').select('value').where('name', '=', epochSetting).executeTakeFirst())
      ?.value
  const known = await read()
  if (known !== undefined) return known
  await database.write(async (tx) => {
    await tx.query
      .insertInto('settings')
      .values({ name: epochSetting, value: tx.nowMs.toString(36) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
  })
  return (await read()) ?? ''
}

/** The version after which a reader goes on, by the id of the last event it had; null where that says nothing here. */
export function resumedVersion(epoch: string, lastEventId: string | undefined): number | null {
  const match = /^([0-9a-z]+)-(\d{1,15})$/.exec(lastEventId ?? '')
  return match && match[1] === epoch ? Number(match[2]) : null
}
