import { describe, expect, test } from 'vitest'
import { readFilms } from './read-films.ts'

const cleo = { title: 'Cléo from 5 to 7', runtimeMinutes: 90 }

describe('films in a file', () => {
  test('are read from a list, from what the API answers, and from a line each', () => {
    const expected = { films: [{ line: 1, film: cleo }], unreadable: [] }
    expect(readFilms(JSON.stringify([{ id: 'mov_1', ...cleo, overview: '', year: null }]))).toEqual(expected)
    expect(readFilms(JSON.stringify({ data: [cleo], nextCursor: null }))).toEqual(expected)
    expect(readFilms(`\uFEFF${JSON.stringify(cleo)}`)).toEqual(expected)
    const lines = readFilms(`${JSON.stringify(cleo)}\n\nnot JSON\n{"title":"No runtime"}\n`)
    expect(lines).toEqual({ films: [{ line: 1, film: cleo }], unreadable: [3, 4] })
  })

  test('are read from a table, with quotes, line breaks and lists in its cells', () => {
    const csv = [
      'title,runtimeMinutes,year,genres,overview,screen',
      '"Cléo, from 5 to 7",90,1962,drama; comedy,"She said ""wait"".',
      'She waits.",3',
      ',,,,,',
      'No runtime,,1999,,,',
      'Playtime,124,1967,comedy,,',
    ].join('\r\n')
    const overview = 'She said "wait".\r\nShe waits.'
    expect(readFilms(csv)).toEqual({
      films: [
        {
          line: 2,
          film: { title: 'Cléo, from 5 to 7', runtimeMinutes: 90, year: 1962, genres: ['drama', 'comedy'], overview },
        },
        { line: 6, film: { title: 'Playtime', runtimeMinutes: 124, year: 1967, genres: ['comedy'] } },
      ],
      unreadable: [5],
    })
    expect(readFilms('title;runtimeMinutes\nPlaytime;124').films).toEqual([
      { line: 2, film: { title: 'Playtime', runtimeMinutes: 124 } },
    ])
  })

  test('are none in something else', () => {
    expect(readFilms('')).toEqual({ films: [], unreadable: [] })
    expect(readFilms('%PDF-1.7\nrubbish').films).toEqual([])
    expect(readFilms('42').films).toEqual([])
  })
})
