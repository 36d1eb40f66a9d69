import { expect, test } from 'vitest'
import { MovieLine } from '../cli/import/lines.ts'
import { validatorOf } from '../http/validate.ts'
import { isTmdbMovie, movieOfTmdb } from './tmdb.ts'

const film = {
  adult: false,
  id: 499,
  title: 'Cléo from 5 to 7',
  original_title: 'Cléo de 5 à 7',
  original_language: 'fr',
  overview: 'Two hours in Paris.',
  release_date: '1962-04-11',
  runtime: 90,
  popularity: 9.7,
  genres: [
    { id: 18, name: 'Drama' },
    { id: 35, name: 'Comedy' },
  ],
  credits: {
    cast: [
      { name: 'Antoine Bourseiller', order: 1 },
      { name: 'Corinne Marchand', order: 0 },
    ],
    crew: [
      { name: 'Agnès Varda', job: 'Director' },
      { name: 'Agnès Varda', job: 'Screenplay' },
    ],
  },
  release_dates: {
    results: [
      { iso_3166_1: 'FR', release_dates: [{ certification: '' }] },
      { iso_3166_1: 'GB', release_dates: [{ certification: '' }, { certification: 'PG' }] },
    ],
  },
  videos: { results: [{ site: 'YouTube', type: 'Trailer', key: 'a b' }] },
}

test('a film as The Movie Database has it becomes one of ours', () => {
  expect(isTmdbMovie(film)).toBe(true)
  const movie = movieOfTmdb(film)
  expect(movie).toEqual({
    id: 'tmdb-499',
    title: 'Cléo from 5 to 7',
    originalTitle: 'Cléo de 5 à 7',
    originalLanguage: 'fr',
    overview: 'Two hours in Paris.',
    releaseDate: '1962-04-11',
    year: 1962,
    runtimeMinutes: 90,
    genres: ['Drama', 'Comedy'],
    directors: ['Agnès Varda'],
    cast: ['Corinne Marchand', 'Antoine Bourseiller'],
    certifications: [{ country: 'GB', label: 'PG', minimumAge: null }],
    trailerUrl: 'https://www.youtube.com/watch?v=a%20b',
  })
  expect(validatorOf(MovieLine, 'the line').problemsOf(movie)).toEqual([])
})

test('what is unknown there is left out, and what is wrong is left for the contract to name', () => {
  const bare = movieOfTmdb({
    id: 1,
    title: 'Up',
    original_title: '',
    release_date: '',
    runtime: 0,
    overview: '',
    genres: null,
  })
  expect(bare).toEqual({ id: 'tmdb-1', title: 'Up', runtimeMinutes: 0 })
  expect(validatorOf(MovieLine, 'the line').problemsOf(bare)).toEqual([
    { path: '/runtimeMinutes', message: 'must be >= 1' },
  ])
  expect(isTmdbMovie({ id: 'ours', title: 'Up', runtimeMinutes: 96 })).toBe(false)
})
