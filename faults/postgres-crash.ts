import pg from 'pg'

/** Does something as the database's superuser; what breaks meanwhile was broken on purpose. */
export async function asSuperuser<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, query_timeout: 30_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Kills one of its processes: PostgreSQL drops every connection and recovers from its log, as after any crash. */
export async function crashPostgres(url: string): Promise<void> {
  const pid = await asSuperuser(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'",
    )
    return rows[0]?.pid
  })
  if (pid === undefined) throw new Error('PostgreSQL has no checkpointer')
  process.kill(pid, 'SIGKILL')
}

/** Ends every connection but this one, as a fast restart does. */
export async function endConnections(url: string): Promise<void> {
  await asSuperuser(url, (client) =>
    client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
    ),
  )
}

/** Answers when PostgreSQL takes connections again. */
export async function untilPostgresAnswers(url: string, patienceMs = 30_000): Promise<void> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      await asSuperuser(url, (client) => client.query('SELECT 1'))
      return
    } catch (error) {
      if (performance.now() > until) throw error
      await new Promise((resume) => setTimeout(resume, 100))
    }
  }
}
