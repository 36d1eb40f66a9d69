import type { PoolClient, Submittable } from 'pg'

/** What `pg` hands a statement that brings its rows along. Source: pg/lib/connection.js. */
interface CopyConnection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** Rows as `COPY … FROM STDIN` wants them: tabs between values, `\N` for null. */
export function copyText(rows: readonly (readonly (string | number | null)[])[]): string {
  let text = ''
  for (const row of rows) {
    let between = ''
    for (const value of row) {
      text += between + (value === null ? '\\N' : typeof value === 'number' ? String(value) : escaped(value))
      between = '\t'
    }
    text += '\n'
  }
  return text
}

const special = /[\\\t\n\r]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escaped(value: string): string {
  return value.replace(special, (character) => escapes[character] ?? character)
}

/** `COPY … FROM STDIN` with all its rows at hand: the server takes them much faster than any `INSERT`. */
class Copy implements Submittable {
  /** The client puts its own in front of it, for its time limit. */
  callback: (error?: Error) => void
  readonly #statement: string
  readonly #rows: Buffer

  constructor(statement: string, rows: Buffer, callback: (error?: Error) => void) {
    this.#statement = statement
    this.#rows = rows
    this.callback = callback
  }

  submit(connection: Pick<CopyConnection, 'query'>): void {
    connection.query(this.#statement)
  }
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows)
    connection.endCopyFrom()
  }
  handleCommandComplete(): void {}
  handleReadyForQuery(): void {
    this.callback()
  }
  handleError(error: Error): void {
    this.callback(error)
  }
}

/** Adds rows by `COPY`; `target` is a table with its columns, in SQL. */
export async function copyInto(
  client: PoolClient,
  target: string,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const copied = new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => (error ? reject(error) : resolve())
    // Rows that a statement brings along must not mix with others on the wire.
    Reflect.set(client, 'pipeline', false)
    client.query(new Copy(`COPY ${target} FROM STDIN`, Buffer.from(copyText(rows)), settle))
  })
  await copied.finally(() => Reflect.set(client, 'pipeline', true))
}
