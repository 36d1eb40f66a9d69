import type { Static } from 'typebox'
import { Type } from 'typebox'
import {
  Id,
  IdParams,
  Instant,
  Money,
  MoneyInput,
  SignedMoney,
  line,
  maximumAmount,
  nullable,
  pageOf,
  pageQuery,
} from './common.ts'
import { closed, operation } from './operation.ts'

const byTender = <Amount extends typeof Money | typeof MoneyInput | typeof SignedMoney>(amount: Amount) =>
  closed({
    cash: Type.Optional(amount),
    card: Type.Optional(amount),
    voucher: Type.Optional(amount),
    comp: Type.Optional(amount),
  })
/** Below zero is taken out of the drawer. */
const MovementAmount = closed({
  amount: Type.Integer({ minimum: -maximumAmount, maximum: maximumAmount, description: 'Minor units; not zero' }),
  currency: Money.properties.currency,
})

const Movement = closed({ id: Id, amount: SignedMoney, reason: Type.String(), createdBy: Id, createdAt: Instant })
export const Shift = closed({
  id: Id,
  theatreId: Id,
  till: Type.String(),
  number: Type.Integer({ description: 'Counts the shifts of its till, without gaps' }),
  status: Type.Enum(['open', 'closed']),
  float: Money,
  movements: Type.Array(Movement),
  openedBy: Id,
  openedAt: Instant,
  closedBy: nullable(Id),
  closedAt: nullable(Instant),
  expected: nullable(byTender(SignedMoney)),
  counted: nullable(byTender(Money)),
  difference: nullable(byTender(SignedMoney)),
})
export type Shift = Static<typeof Shift>

export const ShiftInput = closed({ theatreId: Id, till: line(40, ['Till 1']), float: MoneyInput })
export type ShiftInput = Static<typeof ShiftInput>
export const MovementInput = closed({ amount: MovementAmount, reason: line(500, ['Change from the bank']) })
export type MovementInput = Static<typeof MovementInput>
/** One sum is the cash. */
export const CloseInput = closed({ counted: Type.Union([MoneyInput, byTender(MoneyInput)]) })
export type CloseInput = Static<typeof CloseInput>

const tag = 'Payments'
const house = ['staff', 'owner', 'admin'] as const

export const openShift = operation({
  id: 'openShift',
  method: 'POST',
  path: '/shifts',
  tag,
  summary: 'Open a till with its float; a till has one open shift at a time',
  access: house,
  body: ShiftInput,
  answer: { status: 201, schema: Shift },
  refusals: ['shift_open'],
})
export const listShifts = operation({
  id: 'listShifts',
  method: 'GET',
  path: '/shifts',
  tag,
  summary: 'The shifts of a theatre, or of all where the caller works, the newest first',
  access: house,
  query: closed({ theatreId: Type.Optional(Id), ...pageQuery }),
  answer: { status: 200, schema: pageOf(Shift) },
})
export const readShift = operation({
  id: 'readShift',
  method: 'GET',
  path: '/shifts/{id}',
  tag,
  summary: 'A shift; what was expected is told once it is closed',
  access: house,
  params: IdParams,
  answer: { status: 200, schema: Shift },
})
export const moveCash = operation({
  id: 'moveCash',
  method: 'POST',
  path: '/shifts/{id}/movements',
  tag,
  summary: 'Put cash in or take it out, with the reason',
  access: house,
  params: IdParams,
  body: MovementInput,
  answer: { status: 201, schema: Shift },
  refusals: ['shift_closed'],
})
export const closeShift = operation({
  id: 'closeShift',
  method: 'POST',
  path: '/shifts/{id}/close',
  tag,
  summary: 'Close a shift with what was counted; nothing in it changes afterwards',
  access: house,
  params: IdParams,
  body: CloseInput,
  answer: { status: 200, schema: Shift },
  refusals: ['shift_closed'],
})

export const shiftOperations = { openShift, listShifts, readShift, moveCash, closeShift } as const
