import type { Theatre } from '../../contract/venues.ts'
import type { Listed } from './showtimes.ts'

/** Where somebody stands; it never leaves the browser. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

const earthKilometres = 6371
/** What one goes to see a film for; where nothing is that near, the nearest house counts. */
const nearKilometres = 30
const patience = { timeout: 10_000, maximumAge: 600_000 }

/** By the great circle (haversine), kilometres; null where nobody wrote down where the house stands. */
export function kilometresTo(
  { latitude, longitude }: Pick<Theatre, 'latitude' | 'longitude'>,
  from: Place,
): number | null {
  if (latitude === null || longitude === null) return null
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2
  const across = Math.cos(radians(from.latitude)) * Math.cos(radians(latitude)) * half(longitude - from.longitude)
  return 2 * earthKilometres * Math.asin(Math.sqrt(half(latitude - from.latitude) + across))
}

/** Showtimes of the houses near a place, the nearest house first. */
export function nearby(showtimes: readonly Listed[], from: Place): Listed[] {
  const far = showtimes.flatMap((showtime) => {
    const kilometres = kilometresTo(showtime.theatre, from)
    return kilometres === null ? [] : [{ showtime, kilometres }]
  })
  const nearest = Math.min(...far.map(({ kilometres }) => kilometres))
  return far
    .filter(({ kilometres }) => kilometres <= Math.max(nearKilometres, nearest))
    .toSorted((one, other) => one.kilometres - other.kilometres)
    .map(({ showtime }) => showtime)
}

/** Asks the browser, which asks its owner. Rejects where either says no. */
export async function whereAmI(): Promise<Place> {
  const { coords } = await new Promise<GeolocationPosition>((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(resolve, reject, patience),
  )
  return { latitude: coords.latitude, longitude: coords.longitude }
}
