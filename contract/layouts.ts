import type { Static } from 'typebox'
import { Type } from 'typebox'
import { line, nullable } from './common.ts'
import { closed } from './operation.ts'
import { maximumCurve, maximumSeats, seatKinds } from './seating.ts'

export const SeatKind = Type.Enum(seatKinds)

/** Where something lies on the grid of a hall; it never names anything. */
const GridPosition = Type.Integer({ minimum: 0, maximum: 1_000 })
const SeatLabel = line(20)
const Category = line(40, ['standard', 'premium'])
/** Drawn only: both leave every seat on its place of the grid. */
const Curve = Type.Integer({
  minimum: 0,
  maximum: maximumCurve,
  description: 'How far the middle of the rows bows away from the screen, in tenths of a line; for drawing only',
})
const Stagger = Type.Boolean({ description: 'Drawn half a place to the right of its columns' })

const SeatInput = closed({
  number: Type.String({ ...SeatLabel, description: 'Text, as printed on the seat', examples: ['12'] }),
  column: Type.Optional(
    Type.Integer({ ...GridPosition, description: 'Defaults to one after the seat before it; a jump is an aisle' }),
  ),
  category: Type.Optional(Category),
  kind: Type.Optional(SeatKind),
  unit: Type.Optional(
    Type.String({ ...line(20), description: 'Names the sofa that its seats share', examples: ['S3'] }),
  ),
})
const RowInput = closed({
  label: Type.String({ ...SeatLabel, examples: ['F'] }),
  line: Type.Optional(
    Type.Integer({ ...GridPosition, description: 'From the screen back; defaults to the position in the list' }),
  ),
  stagger: Type.Optional(Stagger),
  seats: Type.Array(SeatInput, { maxItems: maximumSeats }),
})
export const ReservedLayoutInput = closed({
  seating: Type.Optional(Type.Literal('reserved')),
  curve: Type.Optional(Curve),
  rows: Type.Array(RowInput, { minItems: 1, maxItems: 1_000 }),
})
export const GeneralLayoutInput = closed({
  seating: Type.Literal('general'),
  capacity: Type.Integer({ minimum: 1, maximum: 100_000 }),
})

const PretixPosition = closed({ x: Type.Number(), y: Type.Number() })
const PretixSeat = closed({
  seat_guid: Type.String({ maxLength: 200 }),
  seat_number: Type.String({ maxLength: 200 }),
  position: PretixPosition,
  category: Type.String({ maxLength: 200 }),
  uuid: Type.Optional(Type.String({ maxLength: 200 })),
  radius: Type.Optional(Type.Number()),
  start_direction: Type.Optional(nullable(Type.String({ maxLength: 10 }))),
})
const PretixRow = closed({
  row_number: Type.String({ maxLength: 200 }),
  seats: Type.Array(PretixSeat, { maxItems: 5_000 }),
  position: Type.Optional(PretixPosition),
  row_label: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
  seat_label: Type.Optional(nullable(Type.String({ maxLength: 200 }))),
  row_number_position: Type.Optional(nullable(Type.String({ maxLength: 10 }))),
  uuid: Type.Optional(Type.String({ maxLength: 200 })),
})
const PretixZone = closed({
  name: Type.Optional(Type.String({ maxLength: 200 })),
  zone_id: Type.Optional(Type.String({ maxLength: 200 })),
  uuid: Type.Optional(Type.String({ maxLength: 200 })),
  position: PretixPosition,
  rows: Type.Array(PretixRow, { maxItems: 5_000 }),
  areas: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 5_000 })),
})
/** A seating plan as pretix keeps it (its `seating-plan.schema.json`). */
export const PretixPlan = closed(
  {
    name: Type.String({ maxLength: 500 }),
    categories: Type.Array(
      closed({ name: Type.String({ maxLength: 200 }), color: Type.Optional(Type.String({ maxLength: 100 })) }),
      { maxItems: 1_000 },
    ),
    zones: Type.Array(PretixZone, { maxItems: 1_000 }),
    size: Type.Optional(closed({ width: Type.Number(), height: Type.Number() })),
  },
  'A seating plan in the pretix format',
)
export type PretixPlan = Static<typeof PretixPlan>

/** A layout as it is sent in; `server/venues/layout.ts` has the rules that a schema cannot say. */
export const LayoutInput = Type.Union([ReservedLayoutInput, GeneralLayoutInput])
export type LayoutInput = Static<typeof LayoutInput>

const Seat = closed({
  number: Type.String(),
  column: Type.Integer(),
  category: Type.String(),
  kind: SeatKind,
  unit: Type.Optional(Type.String()),
})
/** Reserved seating with every default filled in: how it is stored and answered. Straight rows say nothing of a curve. */
export const ReservedLayout = closed({
  seating: Type.Literal('reserved'),
  curve: Type.Optional(Curve),
  rows: Type.Array(
    closed({
      label: Type.String(),
      line: Type.Integer(),
      stagger: Type.Optional(Type.Boolean()),
      seats: Type.Array(Seat),
    }),
  ),
})
export type ReservedLayout = Static<typeof ReservedLayout>
export const GeneralLayout = closed({ seating: Type.Literal('general'), capacity: Type.Integer() })
export type GeneralLayout = Static<typeof GeneralLayout>
export const Layout = Type.Union([ReservedLayout, GeneralLayout])
export type Layout = Static<typeof Layout>
export type LayoutSeat = Static<typeof Seat>
export type SeatKind = Static<typeof SeatKind>
