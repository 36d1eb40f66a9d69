import type { Movie } from '../../contract/catalogue.ts'
import type { Showtime } from '../../contract/showtimes.ts'
import type { Theatre } from '../../contract/venues.ts'
import { formatZoned } from '../platform/time.ts'
import type { Fact } from './model.ts'

/** A showtime with all that is told of it. */
export interface Shown extends Showtime {
  readonly movie: Movie
  readonly theatre: Theatre
}

/** Source: https://schema.org/Movie, and what search engines ask of a film. */
export function movieFact(movie: Movie): Fact {
  const person = (name: string) => ({ '@type': 'Person', name })
  return told({
    '@type': 'Movie',
    '@id': `/films/${movie.id}`,
    url: `/films/${movie.id}`,
    name: movie.title,
    alternateName: movie.originalTitle === movie.title ? null : movie.originalTitle,
    description: movie.overview,
    image: movie.posterUrl,
    duration: `PT${movie.runtimeMinutes}M`,
    genre: movie.genres,
    dateCreated: movie.year === null ? null : String(movie.year),
    datePublished: movie.releaseDate,
    contentRating: movie.certification,
    inLanguage: movie.originalLanguage,
    director: movie.directors.map(person),
    actor: movie.cast.slice(0, 20).map(person),
  })
}

/** Source: https://schema.org/MovieTheater */
export function theatreFact(theatre: Theatre): Fact {
  const { latitude, longitude, settings } = theatre
  return told({
    '@type': 'MovieTheater',
    '@id': `/theatres/${theatre.id}`,
    url: `/theatres/${theatre.id}`,
    name: theatre.name,
    telephone: theatre.phone,
    logo: settings.brand.logoUrl,
    currenciesAccepted: theatre.currency,
    address: told({
      '@type': 'PostalAddress',
      streetAddress: theatre.address,
      postalCode: theatre.postcode,
      addressLocality: theatre.city,
      addressCountry: theatre.country,
    }),
    geo: latitude === null || longitude === null ? null : { '@type': 'GeoCoordinates', latitude, longitude },
  })
}

/** Source: https://schema.org/ScreeningEvent; `price` is in major units, as schema.org wants it. */
export function screeningFact(showtime: Shown, price: string | null): Fact {
  const url = `/showtimes/${showtime.id}`
  const isOff = showtime.status === 'cancelled'
  const availability = showtime.availableSeats > 0 && !showtime.salesPaused && !isOff ? 'InStock' : 'SoldOut'
  return told({
    '@type': 'ScreeningEvent',
    '@id': url,
    url,
    name: showtime.movie.title,
    startDate: formatZoned(Date.parse(showtime.startsAt), showtime.timeZone),
    endDate: formatZoned(Date.parse(showtime.endsAt), showtime.timeZone),
    eventStatus: `https://schema.org/${isOff ? 'EventCancelled' : 'EventScheduled'}`,
    eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
    videoFormat: showtime.format.toUpperCase(),
    inLanguage: showtime.language,
    subtitleLanguage: showtime.subtitles,
    image: showtime.movie.posterUrl,
    workPresented: { '@type': 'Movie', '@id': `/films/${showtime.movieId}`, name: showtime.movie.title },
    location: theatreFact(showtime.theatre),
    offers: price === null ? null : offer(showtime, price, availability),
  })
}

function offer({ id, theatre, salesOpenAt, salesCloseAt }: Shown, price: string, availability: string): Fact {
  return told({
    '@type': 'Offer',
    url: `/showtimes/${id}`,
    price,
    priceCurrency: theatre.currency,
    availability: `https://schema.org/${availability}`,
    validFrom: salesOpenAt,
    availabilityEnds: salesCloseAt,
  })
}

/** Without what is not known. */
function told(fact: Fact): Fact {
  const known = Object.entries(fact).filter(
    ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return { ...Object.fromEntries(known), '@type': fact['@type'] }
}
