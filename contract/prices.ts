import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, MoneyInput, line, nullable } from './common.ts'
import { closed, operation } from './operation.ts'
import { weekdays } from './venues.ts'

/** What prices a seat: the category of its layout; general admission has `standard` alone. */
export const PriceCategory = line(40, ['standard', 'premium'])
export const TicketTypeKey = Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,39}$', examples: ['adult'] })

/** One cell of a showtime's price table. */
export const Price = closed({ category: PriceCategory, ticketType: TicketTypeKey, price: MoneyInput })
export type Price = Static<typeof Price>

/** More than any house has. */
const maximumRules = 1_000
export const maximumPrices = 400

export const channels = ['web', 'counter'] as const
const Requires = closed(
  {
    ticketType: TicketTypeKey,
    ratio: Type.Integer({ minimum: 1, maximum: 100, description: 'How many of this type go with each of the other' }),
  },
  'Sold only beside another type: a carer beside an adult',
)
const Proof = line(200, ['Student card'])
const MaxPerBooking = Type.Integer({ minimum: 1, maximum: 1_000 })
const Channels = Type.Array(Type.Enum(channels), { minItems: 1, uniqueItems: true, maxItems: channels.length })
const ticketTypeFields = {
  proof: Type.Optional(Proof),
  maxPerBooking: Type.Optional(MaxPerBooking),
  requires: Type.Optional(Requires),
  channels: Type.Optional(Channels),
}
/** A kind of ticket that a theatre sells; `proof` is what the door asks to see. */
export const TicketType = closed({ id: Id, key: TicketTypeKey, name: line(100), ...ticketTypeFields })
export type TicketType = Static<typeof TicketType>

export const TicketTypeInput = closed({ key: TicketTypeKey, name: line(100), ...ticketTypeFields })
export type TicketTypeInput = Static<typeof TicketTypeInput>
/** A member that is null is taken away. */
export const TicketTypePatch = closed({
  name: Type.Optional(line(100)),
  proof: Type.Optional(nullable(Proof)),
  maxPerBooking: Type.Optional(nullable(MaxPerBooking)),
  requires: Type.Optional(nullable(Requires)),
  channels: Type.Optional(nullable(Channels)),
})
export type TicketTypePatch = Static<typeof TicketTypePatch>

const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', examples: ['17:00'] })

export const PriceRule = closed(
  {
    category: PriceCategory,
    ticketType: TicketTypeKey,
    days: Type.Optional(
      Type.Array(Type.Enum(weekdays), {
        minItems: 1,
        maxItems: weekdays.length,
        uniqueItems: true,
        description: 'Business days: half past midnight on Wednesday is still Tuesday',
      }),
    ),
    from: Type.Optional(TimeOfDay),
    until: Type.Optional(TimeOfDay),
    price: MoneyInput,
  },
  'Holds for starts from `from` to just before `until`; of the rules that hold, the one with more conditions wins',
)
export type PriceRule = Static<typeof PriceRule>

const priceListFields = { name: line(100), rules: Type.Array(PriceRule, { maxItems: maximumRules }) }
export const PriceList = closed({ id: Id, theatreId: Id, ...priceListFields })
export type PriceList = Static<typeof PriceList>
export const PriceListInput = closed(priceListFields)
export type PriceListInput = Static<typeof PriceListInput>
export const PriceListPatch = Type.Partial(PriceListInput, { additionalProperties: false })
export type PriceListPatch = Static<typeof PriceListPatch>

/** All of a theatre's, in one page: there are few. */
function listOf<Item extends typeof TicketType | typeof PriceList>(item: Item) {
  return closed({ data: Type.Array(item), nextCursor: Type.Null() })
}

const TicketTypeParams = closed({ id: Id, ticketTypeId: Id })
const PriceListParams = closed({ id: Id, priceListId: Id })
const tag = 'Showtimes'
const managers = ['owner', 'admin'] as const
const house = ['staff', 'owner', 'admin'] as const
const ticketTypePath = '/theatres/{id}/ticket-types/{ticketTypeId}'
const priceListPath = '/theatres/{id}/price-lists/{priceListId}'

export const listTicketTypes = operation({
  id: 'listTicketTypes',
  method: 'GET',
  path: '/theatres/{id}/ticket-types',
  tag,
  summary: 'The ticket types of a theatre: the usual five, and its own',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: listOf(TicketType) },
})
export const createTicketType = operation({
  id: 'createTicketType',
  method: 'POST',
  path: '/theatres/{id}/ticket-types',
  tag,
  summary: 'Adds a ticket type, or gives one of the usual five conditions of its own',
  access: managers,
  params: IdParams,
  body: TicketTypeInput,
  answer: { status: 201, schema: TicketType },
  refusals: ['ticket_type_exists'],
})
export const getTicketType = operation({
  id: 'getTicketType',
  method: 'GET',
  path: ticketTypePath,
  tag,
  summary: 'One ticket type, by id or key',
  access: 'anyone',
  params: TicketTypeParams,
  answer: { status: 200, schema: TicketType },
})
export const updateTicketType = operation({
  id: 'updateTicketType',
  method: 'PATCH',
  path: ticketTypePath,
  tag,
  summary: 'Changes a ticket type; one of the usual five becomes the theatre’s own',
  access: managers,
  params: TicketTypeParams,
  body: TicketTypePatch,
  answer: { status: 200, schema: TicketType },
})
export const deleteTicketType = operation({
  id: 'deleteTicketType',
  method: 'DELETE',
  path: ticketTypePath,
  tag,
  summary: 'Takes a ticket type away; what is sold keeps it, and one of the usual five falls back to its usual form',
  access: managers,
  params: TicketTypeParams,
  answer: { status: 204, schema: null },
})

export const listPriceLists = operation({
  id: 'listPriceLists',
  method: 'GET',
  path: '/theatres/{id}/price-lists',
  tag,
  summary: 'The price lists of a theatre',
  access: house,
  params: IdParams,
  answer: { status: 200, schema: listOf(PriceList) },
})
export const createPriceList = operation({
  id: 'createPriceList',
  method: 'POST',
  path: '/theatres/{id}/price-lists',
  tag,
  summary: 'Adds a price list',
  access: managers,
  params: IdParams,
  body: PriceListInput,
  answer: { status: 201, schema: PriceList },
})
export const getPriceList = operation({
  id: 'getPriceList',
  method: 'GET',
  path: priceListPath,
  tag,
  summary: 'One price list',
  access: house,
  params: PriceListParams,
  answer: { status: 200, schema: PriceList },
})
export const updatePriceList = operation({
  id: 'updatePriceList',
  method: 'PATCH',
  path: priceListPath,
  tag,
  summary: 'Changes a price list; showtimes that were made keep their prices',
  access: managers,
  params: PriceListParams,
  body: PriceListPatch,
  answer: { status: 200, schema: PriceList },
})
export const deletePriceList = operation({
  id: 'deletePriceList',
  method: 'DELETE',
  path: priceListPath,
  tag,
  summary: 'Takes a price list away; showtimes that were made keep their prices',
  access: managers,
  params: PriceListParams,
  answer: { status: 204, schema: null },
})

export const priceOperations = {
  listTicketTypes,
  createTicketType,
  getTicketType,
  updateTicketType,
  deleteTicketType,
  listPriceLists,
  createPriceList,
  getPriceList,
  updatePriceList,
  deletePriceList,
} as const
