import type { Writable } from 'node:stream'
import type pg from 'pg'

/** Texts that are named at most: each connection keeps a plan for each. Some texts grow with a list; they are not hot. */
const mostNamed = 400
const longestNamed = 2000
const plannable = /^(?:select|insert|update|delete|with) /i
const names = new Map<string, string>()
let generation = 0

/** A statement with a name of its text's own: a connection parses and plans it once, and not for every use. */
export function namedStatement(text: string, values: unknown[]): pg.QueryConfig {
  const known = names.get(text)
  if (known !== undefined) return { name: known, text, values }
  if (names.size >= mostNamed || text.length > longestNamed || !plannable.test(text)) return { text, values }
  const name = `text-${generation}-${names.size}`
  names.set(text, name)
  return { name, text, values }
}

/** From now on every text is planned anew, on every connection: a table has got other columns. */
export function forgetNames(): void {
  generation += 1
  names.clear()
}

/** What `pg` does not tell of its clients. */
interface Wire {
  readonly connection: { readonly stream: Pick<Writable, 'cork' | 'uncork'> }
}

/**
 * What is sent from now until the promises that are ready have run goes out in one piece: each statement by itself would be a
 * call into the system, and would wake PostgreSQL.
 */
export function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as Wire).connection
  stream.cork()
  // Behind what they have put off until the next tick themselves.
  process.nextTick(() => process.nextTick(() => stream.uncork()))
}
