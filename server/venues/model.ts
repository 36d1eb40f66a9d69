import type { TheatreInput, TheatrePatch } from '../../contract/venues.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import type { FieldProblem } from '../http/validate.ts'
import { fold, searchTextOf } from '../platform/fold.ts'
import { timeZoneName } from '../platform/time.ts'

/** What a theatre says of itself, beside its settings and its owner. */
export type TheatreFacts = Pick<
  TheatreRow,
  'name' | 'city' | 'country' | 'address' | 'postcode' | 'latitude' | 'longitude' | 'timeZone' | 'currency' | 'phone'
> & { readonly amenities: readonly string[] }

export type TheatreColumns = Omit<TheatreFacts, 'amenities'> &
  Pick<TheatreRow, 'nameFolded' | 'cityFolded' | 'amenities' | 'searchText'>

const unknownFacts = {
  country: null,
  address: null,
  postcode: null,
  latitude: null,
  longitude: null,
  phone: null,
  amenities: [],
}

/** A new theatre's facts: what is not said is unknown. */
export function theatreFactsOfInput(input: TheatreInput): TheatreFacts {
  return tidied({ ...unknownFacts, ...factsIn(input) })
}

/** A theatre's facts after a change: what is not sent stays. */
export function patchedTheatreFacts(facts: TheatreFacts, patch: TheatrePatch): TheatreFacts {
  return tidied({ ...facts, ...factsIn(patch) })
}

/** What is sent, without the owner: that is no fact but a decision. */
function factsIn<Patch extends TheatrePatch>(patch: Patch): Omit<Patch, 'ownerId'> {
  const sent = { ...patch }
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || name === 'ownerId') Reflect.deleteProperty(sent, name)
  }
  return sent
}

function tidied(facts: TheatreFacts): TheatreFacts {
  const timeZone = timeZoneName(facts.timeZone) ?? facts.timeZone
  return { ...facts, timeZone, amenities: [...new Set(facts.amenities)] }
}

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** What a schema cannot say: the zone and the currency exist, and a place has both coordinates or none. */
export function theatreProblems(facts: TheatreFacts): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (timeZoneName(facts.timeZone) === undefined) {
    problems.push({ path: '/timeZone', message: 'is not a time zone of the IANA database, such as Europe/London' })
  }
  if (!currencies.has(facts.currency)) problems.push({ path: '/currency', message: 'is not a currency of ISO 4217' })
  if ((facts.latitude === null) !== (facts.longitude === null)) {
    const missing = facts.latitude === null ? '/latitude' : '/longitude'
    problems.push({ path: missing, message: 'is needed beside the other coordinate' })
  }
  return problems
}

/** The columns that hold a theatre's facts, with those derived from them for sorting and searching. */
export function theatreColumnsOf(facts: TheatreFacts): TheatreColumns {
  return {
    ...facts,
    nameFolded: fold(facts.name),
    cityFolded: fold(facts.city),
    amenities: JSON.stringify(facts.amenities),
    searchText: searchTextOf([facts.name, facts.city, facts.address, facts.postcode]),
  }
}

/** What a row says. */
export function theatreFactsOfRow(row: TheatreRow): TheatreFacts {
  return {
    name: row.name,
    city: row.city,
    country: row.country,
    address: row.address,
    postcode: row.postcode,
    latitude: row.latitude,
    longitude: row.longitude,
    timeZone: row.timeZone,
    currency: row.currency,
    phone: row.phone,
    amenities: JSON.parse(row.amenities),
  }
}

/** Whether a row holds exactly these columns. */
export function holdsColumns(row: object, columns: object): boolean {
  const held: Readonly<Record<string, unknown>> = { ...row }
  return Object.entries(columns).every(([name, value]) => held[name] === value)
}

const earthRadiusMeters = 6_371_000
const radians = (degrees: number) => (degrees * Math.PI) / 180

/** Metres between two places on the globe (haversine). */
export function metersBetween(
  from: { readonly latitude: number; readonly longitude: number },
  to: { readonly latitude: number; readonly longitude: number },
): number {
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2
  const chord =
    half(to.latitude - from.latitude) +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * half(to.longitude - from.longitude)
  return 2 * earthRadiusMeters * Math.asin(Math.min(1, Math.sqrt(chord)))
}
