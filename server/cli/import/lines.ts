import type { Static } from 'typebox'
import { Type } from 'typebox'
import { AuditoriumInput } from '../../../contract/auditoriums.ts'
import { MovieInput } from '../../../contract/catalogue.ts'
import { line } from '../../../contract/common.ts'
import { closed } from '../../../contract/operation.ts'
import { ShowtimeInput } from '../../../contract/showtimes.ts'
import { TheatreInput } from '../../../contract/venues.ts'

/** What a source calls a thing; it is kept as the row's external key. */
const SourceKey = line(200, ['ldn-rio'])

/** A line of `theatres.ndjson`. */
export const TheatreLine = closed({ ...Type.Omit(TheatreInput, ['ownerId']).properties, id: SourceKey })
export type TheatreLine = Static<typeof TheatreLine>

/** A line of `auditoriums.ndjson`; the layout has a parser of its own. */
export const AuditoriumLine = closed({
  ...Type.Omit(AuditoriumInput, ['layout']).properties,
  id: SourceKey,
  theatreId: SourceKey,
  layout: Type.Object({}),
})
export type AuditoriumLine = Static<typeof AuditoriumLine>

/** A line of `movies.ndjson`. */
export const MovieLine = closed({ ...MovieInput.properties, id: SourceKey })
export type MovieLine = Static<typeof MovieLine>

/** A line of `showtimes.ndjson`; without an id it is known by auditorium and start. */
export const ShowtimeLine = closed({
  ...Type.Omit(ShowtimeInput, ['priceListId']).properties,
  id: Type.Optional(SourceKey),
  theatreId: Type.Optional(SourceKey),
  auditoriumId: SourceKey,
  movieId: SourceKey,
})
export type ShowtimeLine = Static<typeof ShowtimeLine>
