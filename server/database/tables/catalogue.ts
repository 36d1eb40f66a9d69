export interface MovieRow {
  id: string
  externalKey: string | null
  title: string
  /** Folded, for sorting. */
  titleFolded: string
  originalTitle: string | null
  year: number | null
  overview: string | null
  runtimeMinutes: number
  /** JSON: `string[]`, as they were given; `movie_genres` has them folded. */
  genres: string
  certification: string | null
  /** JSON: `{ country, label, minimumAge }[]` */
  certifications: string
  releaseDate: string | null
  /** The release date, or an empty text, which sorts last where the newest come first. */
  releaseSort: string
  originalLanguage: string | null
  /** JSON: `string[]` */
  directors: string
  /** JSON: `string[]` */
  castMembers: string
  distributor: string | null
  posterUrl: string | null
  trailerUrl: string | null
  status: 'now_showing' | 'coming_soon' | 'archived'
  /** Folded words of title, people and distributor. */
  searchText: string
  /** Tickets sold lately: kept by those who sell. */
  popularity: number
  createdBy: string | null
  revision: number
  createdAt: number
  updatedAt: number
}

export interface MovieGenreRow {
  movieId: string
  genreFolded: string
  genre: string
}

export interface CatalogueTables {
  movies: MovieRow
  movieGenres: MovieGenreRow
}
