import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Day, Id, IdParams, Instant, line, nullable, pageOf, pageQuery } from './common.ts'
import { closed, operation } from './operation.ts'

const tag = 'Catalogue'
const managers = ['owner', 'admin'] as const

export const movieStatuses = ['now_showing', 'coming_soon', 'archived'] as const
const MovieStatus = Type.Enum([...movieStatuses])

/** Where a picture or a trailer is: elsewhere on the web, or among our own media. */
const WebAddress = Type.String({
  maxLength: 2_000,
  pattern: '^(https?://[^\\s\\u0000-\\u0020"<>\\\\]+|/media/[A-Za-z0-9._/-]+)$',
  examples: ['https://example.com/trailer'],
})
const People = Type.Array(line(200), { maxItems: 300, examples: [['Agnès Varda']] })
const Certification = closed({
  country: Type.String({ pattern: '^[A-Z]{2}$', examples: ['GB'] }),
  label: line(20, ['12A']),
  minimumAge: Type.Union([Type.Integer({ minimum: 0, maximum: 99 }), Type.Null()]),
})
/** Paragraphs: line breaks and tabs are text here. */
const Overview = Type.String({
  maxLength: 10_000,
  pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
})

/** What can be said of a movie beside its title and length; all of it may be unknown. */
const facts = {
  originalTitle: nullable(line(500)),
  year: nullable(Type.Integer({ minimum: 1870, maximum: 2200 })),
  overview: nullable(Overview),
  genres: Type.Array(line(50, ['drama']), { maxItems: 30 }),
  certification: nullable(line(20, ['15'])),
  certifications: Type.Array(Certification, { maxItems: 100 }),
  releaseDate: nullable(Day),
  originalLanguage: nullable(line(35, ['fr'])),
  directors: People,
  cast: People,
  distributor: nullable(line(200)),
  posterUrl: nullable(WebAddress),
  trailerUrl: nullable(WebAddress),
  status: MovieStatus,
}
const title = line(500, ['Cléo from 5 to 7'])
const runtimeMinutes = Type.Integer({ minimum: 1, maximum: 1_000, examples: [90] })

export const MovieInput = closed({ title, runtimeMinutes, ...Type.Partial(closed(facts)).properties })
export type MovieInput = Static<typeof MovieInput>
export const MoviePatch = Type.Partial(MovieInput, { additionalProperties: false })
export type MoviePatch = Static<typeof MoviePatch>

export const Movie = closed({
  id: Id,
  title: Type.String(),
  ...facts,
  runtimeMinutes: Type.Integer(),
  posterUrl: Type.String({
    description:
      'Always there: an uploaded poster is `/media/posters/{hash}/720.jpg`, beside it `180`, `360` and `720` as `.avif`, `.webp` and `.jpg`; without one an SVG is drawn',
  }),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Movie = Static<typeof Movie>

export const listMovies = operation({
  id: 'listMovies',
  method: 'GET',
  path: '/movies',
  tag,
  summary: 'Movies, found by words and filtered; without `status` all but the archived',
  access: 'anyone',
  query: closed({
    q: Type.Optional(
      Type.String({ maxLength: 200, description: 'Words or parts of words of title, people, distributor' }),
    ),
    genre: Type.Optional(Type.String({ maxLength: 50 })),
    city: Type.Optional(Type.String({ maxLength: 200, description: 'Shown there in public: on sale, or on `date`' })),
    date: Type.Optional(Type.String({ ...Day, description: 'Shown in public on this business day' })),
    status: Type.Optional(MovieStatus),
    sort: Type.Optional(Type.Enum(['title', '-releaseDate', 'popularity'], { default: 'title' })),
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(Movie) },
})

export const getMovie = operation({
  id: 'getMovie',
  method: 'GET',
  path: '/movies/{id}',
  tag,
  summary: 'One movie',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Movie, tagged: true },
})

export const createMovie = operation({
  id: 'createMovie',
  method: 'POST',
  path: '/movies',
  tag,
  summary: 'Adds a movie',
  access: managers,
  body: MovieInput,
  answer: { status: 201, schema: Movie },
})

export const updateMovie = operation({
  id: 'updateMovie',
  method: 'PATCH',
  path: '/movies/{id}',
  tag,
  summary: 'Changes what is sent; showtimes that exist keep their times',
  access: managers,
  params: IdParams,
  body: MoviePatch,
  answer: { status: 200, schema: Movie },
  refusals: ['precondition_failed'],
})

export const replaceMovie = operation({
  ...updateMovie,
  id: 'replaceMovie',
  method: 'PUT',
  summary: 'Read as PATCH',
})

export const deleteMovie = operation({
  id: 'deleteMovie',
  method: 'DELETE',
  path: '/movies/{id}',
  tag,
  summary: 'Deletes a movie, with its showtimes if none of them ever sold a seat',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
  refusals: ['movie_in_use'],
})

/** Bytes of a picture that is sent in. */
export const maximumPosterBytes = 10 * 1024 * 1024
export const posterMediaTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/avif'] as const

export const setPoster = operation({
  id: 'setPoster',
  method: 'PUT',
  path: '/movies/{id}/poster',
  tag,
  summary:
    'Sets the poster: a form with the field `poster`, or the picture itself (JPEG, PNG, WebP or AVIF, up to 10 MB)',
  access: managers,
  params: IdParams,
  body: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }),
  bodyLimit: maximumPosterBytes + 64 * 1024,
  bodyMediaTypes: ['multipart/form-data', ...posterMediaTypes],
  formField: 'poster',
  answer: { status: 200, schema: Movie },
  refusals: ['unsupported_media_type', 'body_too_large'],
})

export const uploadPoster = operation({ ...setPoster, id: 'uploadPoster', method: 'POST', summary: 'The same as PUT' })

export const listGenres = operation({
  id: 'listGenres',
  method: 'GET',
  path: '/genres',
  tag,
  summary: 'The genres of all movies that are not archived',
  access: 'anyone',
  answer: { status: 200, schema: pageOf(Type.String()) },
})

export const catalogueOperations = {
  listMovies,
  getMovie,
  createMovie,
  updateMovie,
  replaceMovie,
  deleteMovie,
  setPoster,
  uploadPoster,
  listGenres,
} as const
