type Members = Readonly<Record<string, unknown>>

const maximumCast = 30

/** Whether a record is a film as The Movie Database describes it, and not one of ours. */
export function isTmdbMovie(record: Members): boolean {
  return 'original_title' in record && !('runtimeMinutes' in record)
}

/**
 * The facts of a film as The Movie Database gives them (`/movie/{id}`, with `credits`, `release_dates` and `videos` where
 * they are appended), as a movie of ours whose id is `tmdb-…`. What it says and we do not keep is left out; what is not as
 * expected stays as it is, for the contract to complain about. Source: TMDB API, version 3, movie details.
 */
export function movieOfTmdb(film: Members): Members {
  const { id, title, runtime, overview } = film
  const releaseDate = textOf(film['release_date'])
  const crew = membersOf(film['credits'], 'crew')
  return withoutUndefined({
    id: typeof id === 'number' ? `tmdb-${id}` : id,
    title,
    runtimeMinutes: runtime,
    originalTitle: textOf(film['original_title']),
    originalLanguage: textOf(film['original_language']),
    overview: textOf(overview),
    releaseDate,
    year: releaseDate === undefined ? undefined : Number(releaseDate.slice(0, 4)),
    // A part that was not asked for says nothing: what is known of it stays.
    ...(isMembers(film['credits']) && {
      directors: namesOf(crew.filter(({ job }) => job === 'Director')),
      cast: namesOf(membersOf(film['credits'], 'cast').toSorted(byOrder)).slice(0, maximumCast),
    }),
    ...(Array.isArray(film['genres']) && { genres: namesOf(membersOf(film, 'genres')) }),
    ...(isMembers(film['release_dates']) && {
      certifications: certificationsOf(membersOf(film['release_dates'], 'results')),
    }),
    trailerUrl: trailerOf(membersOf(film['videos'], 'results')),
  })
}

function byOrder(a: Members, b: Members): number {
  return Number(a['order'] ?? 0) - Number(b['order'] ?? 0)
}

/** The first certification of each country that has one. */
function certificationsOf(countries: readonly Members[]): Members[] {
  return countries.flatMap((country) => {
    const releases = membersOf(country, 'release_dates')
    const label = releases.map(({ certification }) => textOf(certification)).find((each) => each !== undefined)
    return label === undefined ? [] : [{ country: country['iso_3166_1'], label, minimumAge: null }]
  })
}

function trailerOf(videos: readonly Members[]): string | undefined {
  const trailer = videos.find(
    ({ site, type, key }) => site === 'YouTube' && type === 'Trailer' && textOf(key) !== undefined,
  )
  return trailer && `https://www.youtube.com/watch?v=${encodeURIComponent(String(trailer['key']))}`
}

function namesOf(people: readonly Members[]): string[] {
  return [...new Set(people.flatMap(({ name }) => textOf(name)?.trim() ?? []))]
}

/** The records in a list below a record; none where there is no such list. */
function membersOf(record: unknown, name: string): Members[] {
  const list = isMembers(record) ? record[name] : undefined
  return Array.isArray(list) ? list.filter(isMembers) : []
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** TMDB says "unknown" with an empty text. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function withoutUndefined(record: Members): Members {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
