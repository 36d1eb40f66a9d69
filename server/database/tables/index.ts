import type { AccountTables } from './accounts.ts'
import type { AuditLogTables } from './audit-log.ts'
import type { CatalogueTables } from './catalogue.ts'
import type { DoorTables } from './door.ts'
import type { EventTables } from './events.ts'
import type { LedgerTables } from './ledger.ts'
import type { MoneyLedgerTables } from './money-ledger.ts'
import type { MoneyTables } from './money.ts'
import type { PlatformTables } from './platform.ts'
import type { PromotionTables } from './promotions.ts'
import type { ShiftTables } from './shifts.ts'
import type { ShowtimesTables } from './showtimes.ts'
import type { VenueTables } from './venues.ts'
import type { VoucherTables } from './vouchers.ts'
import type { WaitingRoomTables } from './waiting-rooms.ts'

/** Every table, by its name in TypeScript; each slice describes its own. */
export interface Tables
  extends
    PlatformTables,
    AuditLogTables,
    EventTables,
    AccountTables,
    CatalogueTables,
    VenueTables,
    ShowtimesTables,
    LedgerTables,
    MoneyTables,
    MoneyLedgerTables,
    DoorTables,
    PromotionTables,
    VoucherTables,
    ShiftTables,
    WaitingRoomTables {}
