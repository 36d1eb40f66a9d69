import type { Migration } from '../schema.ts'

export const catalogue: Migration = {
  name: '0003-catalogue',
  up: [
    `CREATE TABLE movies (
      id TEXT NOT NULL PRIMARY KEY,
      external_key TEXT UNIQUE,
      title TEXT NOT NULL,
      title_folded TEXT NOT NULL,
      original_title TEXT,
      year INTEGER,
      overview TEXT,
      runtime_minutes INTEGER NOT NULL CHECK (runtime_minutes BETWEEN 1 AND 1000),
      genres TEXT NOT NULL,
      certification TEXT,
      certifications TEXT NOT NULL,
      release_date TEXT,
      release_sort TEXT NOT NULL,
      original_language TEXT,
      directors TEXT NOT NULL,
      cast_members TEXT NOT NULL,
      distributor TEXT,
      poster_url TEXT,
      trailer_url TEXT,
      status TEXT NOT NULL CHECK (status IN ('now_showing', 'coming_soon', 'archived')),
      search_text TEXT NOT NULL,
      popularity INTEGER NOT NULL DEFAULT 0,
      created_by TEXT REFERENCES users (id),
      revision INTEGER NOT NULL DEFAULT 1,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    )`,
    'CREATE INDEX movies_by_title ON movies (title_folded, id)',
    'CREATE INDEX movies_by_release ON movies (release_sort DESC, id)',
    'CREATE INDEX movies_by_popularity ON movies (popularity DESC, id)',
    'CREATE INDEX movies_by_creator ON movies (created_by)',
    `CREATE TABLE movie_genres (
      movie_id TEXT NOT NULL REFERENCES movies (id) ON DELETE CASCADE,
      genre_folded TEXT NOT NULL,
      genre TEXT NOT NULL,
      PRIMARY KEY (movie_id, genre_folded)
    ) WITHOUT ROWID`,
    'CREATE INDEX movie_genres_by_genre ON movie_genres (genre_folded, movie_id)',
  ],
  down: ['DROP TABLE movie_genres', 'DROP TABLE movies'],
}
