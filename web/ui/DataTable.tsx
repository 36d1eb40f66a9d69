import type { ReactNode } from 'react'
import { Empty } from './states.tsx'
import { useHouseWords } from './words/index.ts'

export interface Column<Row> {
  readonly label: string
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand at the end. */
  readonly isNumber?: boolean
}

interface DataTableProps<Row> {
  /** What the table is of, for those who hear it. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly empty?: ReactNode
}

/** A table of more columns needs more than half a screen. */
const mostInHalf = 6

/** Rows of the house; the first column names the row. Where it is narrow for its letters each row is a card. */
export function DataTable<Row>({ caption, columns, rows, keyOf, empty }: DataTableProps<Row>) {
  const { t } = useHouseWords()
  if (rows.length === 0) return <Empty>{empty ?? t('nothing_here')}</Empty>
  return (
    <div className="table-frame" data-wide={columns.length > mostInHalf}>
      <table className="data-table">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, isNumber }) => (
              <th key={label} scope="col" data-number={isNumber}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ label, cell, isNumber }, index) =>
                index === 0 ? (
                  <th key={label} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={label} data-label={label} data-number={isNumber}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
