import type { LedgerTables } from './ledger.ts'
import type { PlatformTables } from './platform.ts'
import type { ShowtimesTables } from './showtimes.ts'

/** Every table, by its name in TypeScript; each slice describes its own. */
export interface Tables extends PlatformTables, ShowtimesTables, LedgerTables {}
