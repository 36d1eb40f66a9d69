import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, Instant, Money, MoneyInput, nullable, pageOf, pageQuery } from './common.ts'
import { closed, operation } from './operation.ts'

/** As people type it, in any case. */
export const PromoCode = Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$', examples: ['SPRING10'] })
/** A time sent in: with its offset; seconds are optional. */
const Time = Type.String({ minLength: 1, maxLength: 40, examples: ['2026-12-24T19:30Z'] })
const Count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
const PercentOff = Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Off the prices, not off the fees' })

export const Promotion = closed({
  id: Id,
  code: Type.String(),
  percentOff: nullable(Type.Number()),
  amountOff: nullable(Money),
  validFrom: nullable(Instant),
  validTo: nullable(Instant),
  maxUses: nullable(Type.Integer()),
  perCustomer: nullable(Type.Integer()),
  uses: Type.Integer({ description: 'Bookings that have it now' }),
  ownerId: nullable(Id),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Promotion = Static<typeof Promotion>

const fields = {
  percentOff: Type.Optional(nullable(PercentOff)),
  amountOff: Type.Optional(nullable(MoneyInput)),
  validFrom: Type.Optional(nullable(Time)),
  validTo: Type.Optional(nullable(Time)),
  maxUses: Type.Optional(nullable(Count)),
  perCustomer: Type.Optional(nullable(Count)),
}
/** Exactly one of `percentOff` and `amountOff`. */
export const PromotionInput = closed({ code: PromoCode, ...fields })
export type PromotionInput = Static<typeof PromotionInput>
/** `percentOff` takes the place of `amountOff`, and the other way round. */
export const PromotionPatch = closed({ code: Type.Optional(PromoCode), ...fields })
export type PromotionPatch = Static<typeof PromotionPatch>

const tag = 'Payments'
const managers = ['owner', 'admin'] as const

export const createPromotion = operation({
  id: 'createPromotion',
  method: 'POST',
  path: '/promotions',
  tag,
  summary: 'Add a promo code: an owner’s counts in its theatres, an administrator’s everywhere',
  access: managers,
  body: PromotionInput,
  answer: { status: 201, schema: Promotion },
  refusals: ['promotion_exists'],
})
export const listPromotions = operation({
  id: 'listPromotions',
  method: 'GET',
  path: '/promotions',
  tag,
  summary: 'The promo codes: an owner’s own, all for an administrator',
  access: managers,
  query: closed({ ...pageQuery }),
  answer: { status: 200, schema: pageOf(Promotion) },
})
export const readPromotion = operation({
  id: 'readPromotion',
  method: 'GET',
  path: '/promotions/{id}',
  tag,
  summary: 'A promo code and how often it is used',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: Promotion },
})
export const updatePromotion = operation({
  id: 'updatePromotion',
  method: 'PATCH',
  path: '/promotions/{id}',
  tag,
  summary: 'Change a promo code; bookings that have it keep their discount',
  access: managers,
  params: IdParams,
  body: PromotionPatch,
  answer: { status: 200, schema: Promotion },
  refusals: ['promotion_exists'],
})
export const deletePromotion = operation({
  id: 'deletePromotion',
  method: 'DELETE',
  path: '/promotions/{id}',
  tag,
  summary: 'Take a promo code away; bookings that have it keep their discount',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
})

export const promotionOperations = {
  createPromotion,
  listPromotions,
  readPromotion,
  updatePromotion,
  deletePromotion,
} as const
