import { accountSecurityOperations } from './account-security.ts'
import { accountOperations } from './accounts.ts'
import { administrationOperations } from './administration.ts'
import { auditoriumOperations } from './auditoriums.ts'
import { bookingOperations } from './bookings.ts'
import { catalogueOperations } from './catalogue.ts'
import { doorOperations } from './door.ts'
import { eventOperations } from './events.ts'
import { holdOperations } from './holds.ts'
import type { OperationShape } from './operation.ts'
import { payOutBooking } from './pay-out.ts'
import { paymentOperations } from './payments.ts'
import { priceOperations } from './prices.ts'
import { programmeOperations } from './programme.ts'
import { promotionOperations } from './promotions.ts'
import { reportOperations } from './reports.ts'
import { shiftOperations } from './shifts.ts'
import { showtimeOperations } from './showtimes.ts'
import { logoOperations } from './theatre-logo.ts'
import { ticketOperations } from './tickets.ts'
import { userOperations } from './users.ts'
import { venueOperations } from './venues.ts'
import { voucherOperations } from './vouchers.ts'
import { waitingRoomOperations } from './waiting-room.ts'

/** The whole contract below `/api/v1`: every operation by its id, and nothing else. */
export const api = {
  ...accountOperations,
  ...accountSecurityOperations,
  ...userOperations,
  ...catalogueOperations,
  ...venueOperations,
  ...logoOperations,
  ...auditoriumOperations,
  ...showtimeOperations,
  ...programmeOperations,
  ...priceOperations,
  ...waitingRoomOperations,
  ...holdOperations,
  ...bookingOperations,
  payOutBooking,
  ...paymentOperations,
  ...promotionOperations,
  ...voucherOperations,
  ...shiftOperations,
  ...ticketOperations,
  ...doorOperations,
  ...administrationOperations,
  ...reportOperations,
  ...eventOperations,
} as const satisfies Record<string, OperationShape>

export const basePath = '/api/v1'

/** All operations as a list, in the order of the contract. */
export const operations: readonly OperationShape[] = Object.values(api)
