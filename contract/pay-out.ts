import { Type } from 'typebox'
import { Booking } from './bookings.ts'
import { Id, IdParams } from './common.ts'
import { closed, operation } from './operation.ts'

export const payOutBooking = operation({
  id: 'payOutBooking',
  method: 'POST',
  path: '/bookings/{id}/pay-out',
  tag: 'Bookings',
  summary: 'Hand over at the counter what is due there: refunds of what was paid there and cancelled from elsewhere',
  access: ['staff', 'owner', 'admin'],
  params: IdParams,
  body: closed({
    refunds: Type.Optional(
      Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true, description: 'Where silent, all that are due' }),
    ),
    shiftId: Type.Optional(Id),
  }),
  answer: { status: 200, schema: Booking },
  refusals: ['nothing_due_at_counter', 'no_open_shift', 'shift_closed'],
})
