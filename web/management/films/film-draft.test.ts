import { expect, test } from 'vitest'
import { draftOf, emptyDraft, inputOf } from './film-draft.ts'

test('what is left empty is sent as unknown, lists are split at their commas, each item once', () => {
  const input = inputOf({
    ...emptyDraft,
    title: ' Cléo from 5 to 7 ',
    runtimeMinutes: '90',
    genres: 'Drama, Science Fiction, drama ,',
    directors: 'Agnès Varda',
    year: '1962',
  })
  expect(input).toMatchObject({
    title: 'Cléo from 5 to 7',
    runtimeMinutes: 90,
    genres: ['drama', 'science_fiction'],
    directors: ['Agnès Varda'],
    cast: [],
    year: 1962,
    overview: null,
    releaseDate: null,
  })
})

test('a film goes through the form unchanged', () => {
  const facts = {
    title: 'Persona',
    runtimeMinutes: 83,
    originalTitle: 'Persona',
    year: 1966,
    overview: 'A nurse\nand an actress',
    genres: ['science_fiction', 'drama'],
    certification: '15',
    releaseDate: '1966-10-18',
    originalLanguage: 'sv',
    directors: ['Ingmar Bergman'],
    cast: ['Bibi Andersson', 'Liv Ullmann'],
    distributor: 'SF',
    trailerUrl: 'https://example.com/trailer',
    status: 'archived' as const,
  }
  const film = {
    ...facts,
    id: 'mov_1',
    certifications: [],
    posterUrl: '/media/posters/drawn/mov_1.svg',
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
  }
  expect(inputOf(draftOf(film))).toEqual(facts)
})
