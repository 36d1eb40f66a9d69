/**
 * A backup is lines of JSON in UTF-8, compressed with Zstandard: a header, then for each table its description and its
 * rows (a list of values each, in the order of the columns), then a footer with the hash of all that stands before it.
 * It knows nothing of the engine it came from, so it also moves a house from one to the other.
 */
export const formatVersion = 1

export interface BackupHeader {
  readonly matinee: 'backup'
  readonly format: number
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** The migrations that had been applied, in their order. */
  readonly migrations: readonly string[]
  readonly rows: number
  /** Signed under `SECRET`: keys in the backup can be read under the same one alone. */
  readonly secretCheck: string
}

export interface BackupTable {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: number
}

export interface BackupFooter {
  readonly end: true
  readonly rows: number
  /** SHA-256 in hex of every byte before this line, uncompressed. */
  readonly sha256: string
}

export type BackupRow = readonly (string | number | null)[]

/** The file is cut short, changed, of another kind, or of a newer version; nothing was restored. */
export class UnusableBackup extends Error {
  override readonly name = 'UnusableBackup'
}
