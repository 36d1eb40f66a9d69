import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import { closed } from './operation.ts'

/** Prefixes of ids, by kind of thing. Ids sort by the time they were made. */
export const idPrefixes = {
  movie: 'mov',
  theatre: 'thr',
  auditorium: 'aud',
  showtime: 'sho',
  hold: 'hld',
  booking: 'bkg',
  ticket: 'tkt',
  payment: 'pay',
  refund: 'ref',
  user: 'usr',
  session: 'ses',
  mailToken: 'mlt',
  revocation: 'rvk',
  promotion: 'pro',
  voucher: 'vou',
  voucherEntry: 'vet',
  shift: 'shf',
  shiftMovement: 'smv',
  webhookEndpoint: 'whk',
  webhookDelivery: 'whd',
  event: 'evt',
  ticketType: 'tty',
  priceList: 'prl',
  checkIn: 'chk',
  waitingEntry: 'wte',
} as const
export type IdKind = keyof typeof idPrefixes

/** An id that is sent in: any short text is looked up, and what is not there is a 404. */
export const Id = Type.String({ minLength: 1, maxLength: 64 })
export const IdParams = closed({ id: Id })

/** An instant in answers: RFC 3339, UTC, `Z`. */
export const Instant = Type.String({ format: 'date-time', examples: ['2026-12-24T19:30:00Z'] })
/** A calendar day: `2026-12-24`. */
export const Day = Type.String({ format: 'date', examples: ['2026-12-24'] })

/** ISO 4217, upper case. */
export const Currency = Type.String({ pattern: '^[A-Z]{3}$', examples: ['GBP'] })
/** Largest amount, in minor units, that anybody may name: what is summed up from these still adds up exactly. */
export const maximumAmount = 1_000_000_000
/** Money that is sent in. */
export const MoneyInput = closed({
  amount: Type.Integer({ minimum: 0, maximum: maximumAmount, description: 'Minor units (pence, cents)' }),
  currency: Currency,
})
/** Money in answers: a sum may be more than any amount that it consists of. */
export const Money = closed({
  amount: Type.Integer({ minimum: 0, description: 'Minor units (pence, cents)' }),
  currency: Currency,
})
/** Money in answers that may also be below zero (differences, refunds). */
export const SignedMoney = closed({
  amount: Type.Integer({ description: 'Minor units (pence, cents)' }),
  currency: Currency,
})

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
}

export function pageOf<Item extends TSchema>(item: Item) {
  return closed({ data: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) })
}

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}

/** One line of text: at least one character that is not white space, no control characters. */
export function line(maxLength: number, examples?: readonly string[]) {
  return Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\u0000-\\u0020\\u007f][^\\u0000-\\u001f\\u007f]*$',
    ...(examples && { examples: [...examples] }),
  })
}

/** RFC 9457 problem details: what every refusal and error answers. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    instance: Type.String(),
    errors: Type.Optional(Type.Array(closed({ path: Type.String(), message: Type.String() }))),
  },
  { description: 'RFC 9457 problem document; clients switch on `code`' },
)
