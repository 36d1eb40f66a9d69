import { infiniteQueryOptions } from '@tanstack/react-query'
import type { Movie } from '../../../contract/catalogue.ts'
import { call } from '../../api.ts'

export interface FilmFilter {
  readonly q: string
  /** Undefined is all but the archived. */
  readonly status: Movie['status'] | undefined
}

/** Films by words and status, by title, page by page. */
export function filmsQuery({ q, status }: FilmFilter) {
  return infiniteQueryOptions({
    queryKey: ['films', q, status],
    queryFn: async ({ pageParam, signal }) =>
      await call('listMovies', {
        query: {
          limit: 50,
          ...(q !== '' && { q }),
          ...(status && { status }),
          ...(pageParam !== '' && { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  })
}
