import type { Migration } from '../schema.ts'
import { platform } from './0001-platform.ts'
import { accounts } from './0002-accounts.ts'
import { catalogue } from './0003-catalogue.ts'
import { venues } from './0004-venues.ts'
import { showtimes } from './0005-showtimes.ts'
import { ledger } from './0006-ledger.ts'
import { money } from './0007-money.ts'
import { door } from './0008-door.ts'
import { auditLog } from './0009-audit-log.ts'
import { promotions } from './0010-promotions.ts'
import { vouchers } from './0011-vouchers.ts'
import { shifts } from './0012-shifts.ts'
import { reports } from './0013-reports.ts'
import { events } from './0014-events.ts'
import { reportIndexes } from './0017-report-indexes.ts'
import { dueRefunds } from './0018-due-refunds.ts'
import { providers } from './0019-providers.ts'
import { moneyLedger } from './0020-money-ledger.ts'
import { attacks } from './0023-attacks.ts'
import { waitingRooms } from './0024-waiting-rooms.ts'
import { departedTickets } from './0026-departed-tickets.ts'
import { waitingPeople } from './0027-waiting-people.ts'
import { providerStatements } from './0029-provider-statements.ts'

/** In the order in which they are applied. */
export const migrations: readonly Migration[] = [
  platform,
  accounts,
  catalogue,
  venues,
  showtimes,
  ledger,
  money,
  door,
  auditLog,
  promotions,
  vouchers,
  shifts,
  reports,
  events,
  reportIndexes,
  dueRefunds,
  providers,
  moneyLedger,
  attacks,
  waitingRooms,
  departedTickets,
  waitingPeople,
  providerStatements,
]
