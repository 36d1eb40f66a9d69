import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Engine } from '../database.ts'
import type { Tables } from '../tables/index.ts'

/** A table as the database itself describes it, in SQL's names. */
export interface StoredTable {
  readonly name: string
  readonly columns: readonly string[]
  /** The columns of its primary key, in their order there. */
  readonly key: readonly string[]
}

interface StoredColumn {
  readonly tableName: string
  readonly columnName: string
  /** From 1; 0 is no part of the key. */
  readonly place: number
}

const columnsOf = {
  sqlite: sql<StoredColumn>`
    SELECT m.name AS table_name, c.name AS column_name, c.pk AS place
    FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.rowid, c.cid`,
  postgres: sql<StoredColumn>`
    SELECT c.relname AS table_name, a.attname AS column_name,
      COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0) AS place
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind = 'r' ORDER BY c.oid, a.attnum`,
}

/** Every table of ours but the list of migrations, in the order in which they were made: each after those it refers to. */
export async function storedTables(query: Kysely<Tables>, engine: Engine): Promise<StoredTable[]> {
  const { rows } = await columnsOf[engine].execute(query)
  const byTable = Map.groupBy(rows, ({ tableName }) => tableName)
  byTable.delete('schema_migrations')
  return [...byTable].map(([name, columns]) => ({
    name,
    columns: columns.map(({ columnName }) => columnName),
    key: columns
      .filter(({ place }) => place > 0)
      .toSorted((one, other) => one.place - other.place)
      .map(({ columnName }) => columnName),
  }))
}
