import { snakeCase } from './bulk-insert.ts'

const ourNames = new Map<string, string>()
const sqlNames = new Map<string, string>()

/** A column's name as the member that it is with us: `showtime_id` is `showtimeId`. */
export function ourName(column: string): string {
  return ourNames.getOrInsertComputed(column, camelCase)
}

/** A row as the engine gives it, with its columns as our members. */
export function inOurNames(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ours: Record<string, unknown> = {}
  for (const name in row) ours[ourName(name)] = row[name]
  return ours
}

/** A row of ours, with its members as columns. */
export function inSqlNames(row: object): Record<string, unknown> {
  const named: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) named[sqlNames.getOrInsertComputed(name, snakeCase)] = value
  return named
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
}

interface Known<Statement> {
  readonly members: readonly string[]
  readonly statement: Statement
}

/** Statements by the table and the members that they are about, found without making a text of those. */
export class StatementsByMembers<Statement> {
  readonly #known = new Map<string, Known<Statement>[]>()

  /** The statement about these members in this order, made where there is none yet. */
  of(table: string, members: readonly string[], make: () => Statement): Statement {
    const known = this.#known.getOrInsertComputed(table, () => [])
    for (const each of known) if (areSame(each.members, members)) return each.statement
    const statement = make()
    known.push({ members, statement })
    return statement
  }
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index])
}
