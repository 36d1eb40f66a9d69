import * as accounts from '../contract/accounts.ts'
import * as auditoriums from '../contract/auditoriums.ts'
import * as bookings from '../contract/bookings.ts'
import * as catalogue from '../contract/catalogue.ts'
import * as common from '../contract/common.ts'
import * as door from '../contract/door.ts'
import * as holds from '../contract/holds.ts'
import * as layouts from '../contract/layouts.ts'
import * as payments from '../contract/payments.ts'
import * as prices from '../contract/prices.ts'
import * as programme from '../contract/programme.ts'
import * as showtimes from '../contract/showtimes.ts'
import * as users from '../contract/users.ts'
import * as venues from '../contract/venues.ts'

const modules = [
  common,
  accounts,
  users,
  catalogue,
  venues,
  auditoriums,
  layouts,
  showtimes,
  programme,
  prices,
  holds,
  bookings,
  payments,
  door,
]

/**
 * The names that the contract gives to its objects, by the identity of their properties: a copy of a schema (an optional
 * one) is another object, but its properties are the same.
 */
const names = new Map<unknown, string>()
for (const [name, schema] of modules.flatMap((module) => Object.entries<unknown>(module))) {
  if (/^[A-Z]/.test(name) && !name.endsWith('Params') && isRecord(schema) && schema['type'] === 'object') {
    names.set(schema['properties'], name)
  }
}

/**
 * Says each object of the contract once, under `components.schemas`, and refers to it everywhere else: the document is a
 * third of the size, and generators give its types their names.
 */
export function nameModels(document: object): object {
  const schemas: Record<string, unknown> = {}

  function refer(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(refer)
    if (!isRecord(value)) return value
    const name = names.get(value['properties'])
    if (name === undefined) return contentsOf(value)
    if (!(name in schemas)) {
      schemas[name] = null
      schemas[name] = contentsOf(value)
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  function contentsOf(value: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, refer(inner)]))
  }

  const { components, ...rest } = contentsOf({ ...document })
  const known = isRecord(components) && isRecord(components['schemas']) ? components['schemas'] : {}
  const sorted = Object.entries({ ...known, ...schemas }).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return { ...rest, components: { ...(isRecord(components) && components), schemas: Object.fromEntries(sorted) } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
