import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { DatabaseLocation } from '../server/database/open.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { runMatinee, spawnServer } from '../server/testing/spawned-server.ts'
import { furnish, watching } from '../storm/ground.ts'
import type { Shop } from '../storm/purchase.ts'
import { endBy } from '../storm/weather.ts'
import { ensure } from './fault.ts'
import type { Trial } from './fault.ts'
import { countIn } from './house.ts'
import { asSuperuser, crashPostgres, untilPostgresAnswers } from './postgres-crash.ts'

/** A page of the table of holds is overwritten; a server meets it with the first hold. */
export async function meetDamagedPage({ engine, breakGround }: Trial): Promise<void> {
  if (engine === 'sqlite') {
    const location = await breakGround()
    ensure(location.engine === 'sqlite', 'There is no file')
    const shop = await watching(location, (watcher) => furnish(watcher))
    damageFile(location.path)
    await serveOn(location, shop)
    return
  }
  // Its own PostgreSQL: it is crashed, so that it reads the page from the disk.
  const postgres = await startPostgresServer()
  try {
    const location = { engine, url: postgres.url } as const
    const shop = await watching(location, (watcher) => furnish(watcher))
    await damageIndex(postgres.url)
    await serveOn(location, shop)
  } finally {
    await postgres.stop()
  }
}

async function serveOn(location: DatabaseLocation, shop: Shop): Promise<void> {
  const server = spawnServer(location)
  try {
    const url = await server.url
    const post = (path: string, body: object) => ask(`${url}/api/v1${path}`, body)
    const account = (name: string) => ({ name, email: `${name}@example.com`, password: 'a long word of somebody' })
    const before = await post('/auth/register', account('before'))
    ensure(before.status === 201, `Before the page was met somebody heard ${before.status} ${before.text}`)
    const hold = await post(`/showtimes/${shop.reserved[0]?.id}/holds`, { seats: ['R1-1'] })
    ensure(hold.status === 503 && hold.text.includes('damaged'), `Who met the page heard ${hold.status} ${hold.text}`)
    const accounts = await countIn(location, 'users')
    const after = await post('/auth/register', account('after'))
    ensure(after.status === 503 && after.text.includes('damaged'), `A writer heard ${after.status} ${after.text}`)
    ensure((await countIn(location, 'users')) === accounts, 'It was written on')
    const ready = await ask(`${url}/readyz`)
    ensure(ready.status === 503 && ready.text.includes('damaged'), `It says of itself ${ready.status} ${ready.text}`)
    const look = await ask(`${url}/api/v1/movies`)
    ensure(look.status === 200, `A reader heard ${look.status} ${look.text}`)
    const { code } = await endBy(server, 'SIGTERM')
    ensure(code === 0, `The server that was told to stop ended with ${code}`)
    const [fatal, ...others] = server.bugs
    ensure(
      fatal?.includes('the database is damaged') === true && others.length === 0,
      `Its log: ${server.bugs.join('\n')}`,
    )
    const audit = await runMatinee(location, ['audit'])
    ensure(audit.code === 1 && audit.output.includes('BROKEN I18'), `The audit: ${audit.code} ${audit.output}`)
  } finally {
    await endBy(server, 'SIGKILL')
  }
}

async function ask(url: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(60_000)
  const headers = { 'content-type': 'application/json', 'idempotency-key': `of ${JSON.stringify(body)}`.slice(0, 200) }
  const answer = await fetch(url, body ? { method: 'POST', headers, body: JSON.stringify(body), signal } : { signal })
  return { status: answer.status, text: await answer.text() }
}

/** Overwrites the first page of the holds. */
function damageFile(path: string): void {
  const file = new DatabaseSync(path, { readOnly: true })
  const row = file
    .prepare("SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size() WHERE name = 'holds'")
    .get()
  file.close()
  const size = Number(row?.['page_size'])
  overwrite(path, (Number(row?.['rootpage']) - 1) * size, size)
}

/** Overwrites the first page of the key of the holds, and has PostgreSQL forget what it remembers of it. */
async function damageIndex(url: string): Promise<void> {
  const path = await asSuperuser(url, async (client) => {
    await client.query('CREATE EXTENSION amcheck')
    await client.query('CHECKPOINT')
    const { rows } = await client.query<{ folder: string; file: string }>(
      "SELECT current_setting('data_directory') AS folder, pg_relation_filepath('holds_pkey') AS file",
    )
    return join(rows[0]?.folder ?? '', rows[0]?.file ?? '')
  })
  overwrite(path, 0, 8192)
  await crashPostgres(url)
  await untilPostgresAnswers(url)
}

function overwrite(path: string, at: number, length: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(length, 0xa5), 0, length, at)
  closeSync(file)
}
