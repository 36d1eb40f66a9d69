import type { House } from './app.ts'
import { tidyAccounts } from './accounts/tidy.ts'
import { countPopularity } from './bookings/popularity.ts'
import { keepOutOfOrder } from './bookings/set-out-of-order.ts'
import { expireBookings } from './bookings/tidy.ts'
import { tidyLedger } from './holds/tidy.ts'
import { deliverEvents } from './events/deliver.ts'
import { publishEvents } from './events/publish-events.ts'
import { internet } from './events/send-webhook.ts'
import type { Job } from './jobs/timetable.ts'
import { lapseVouchers } from './payments/lapse-vouchers.ts'
import { reconcileDaily } from './payments/reconcile-daily.ts'
import { runWaitingRooms } from './waiting-room/admit.ts'

/** The work that comes round while the server runs. */
export function jobsOf({ database, clock, secrets, outbox, mail, tracer, broker, providers, log }: House): Job[] {
  return [
    { name: 'events', everyMs: 250, run: () => deliverEvents({ database, clock, secrets, tracer, outside: internet }) },
    ...(broker ? [{ name: 'broker', everyMs: 250, run: () => publishEvents({ database, clock, broker }) }] : []),
    { name: 'outbox', everyMs: 1000, run: () => outbox.runOnce() },
    { name: 'mail', everyMs: 1000, run: () => mail.worker.runOnce() },
    { name: 'expired bookings', everyMs: 1000, run: () => expireBookings(database, clock.now()) },
    { name: 'lapsed vouchers', everyMs: 600_000, run: () => lapseVouchers(database, clock.now()) },
    { name: 'lapsed sign-ins', everyMs: 600_000, run: () => database.write(tidyAccounts) },
    { name: 'seats out of order', everyMs: 15_000, run: () => keepOutOfOrder(database, clock.now()) },
    { name: 'waiting rooms', everyMs: 1000, run: () => runWaitingRooms(database, clock.now()) },
    { name: 'lapsed claims', everyMs: 5000, run: () => tidyLedger(database, clock.now()) },
    { name: 'reconciliation', everyMs: 600_000, run: () => reconcileDaily({ database, providers, clock, log }) },
    { name: 'popularity', everyMs: 300_000, run: () => countPopularity(database, clock.now()) },
  ]
}
