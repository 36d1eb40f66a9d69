import { truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placeHold } from '../../../contract/holds.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { onBothEngines, startApp, testStart } from '../../testing/harness.ts'
import {
  everything,
  film,
  folderOf,
  hall,
  importFrom,
  nothing,
  plan,
  rio,
  show,
} from '../../testing/programme-files.ts'

onBothEngines('import', (engine) => {
  test('takes a programme over, and running it again changes nothing, not even a time of change', async () => {
    const house = await startApp(engine)
    const folder = folderOf({})
    expect(await importFrom(house, folder)).toEqual({
      code: 0,
      output: 'theatres     1 created\nauditoriums  1 created\nmovies       1 created\nshowtimes    1 created\n',
      errors: '',
    })
    const [row] = await house.database.read.selectFrom('showtimes').selectAll().execute()
    const startsAt = Date.parse('2026-12-01T19:30Z')
    expect(row).toMatchObject({ startsAt, endsAt: startsAt + 120 * 60_000, businessDate: '2026-12-01', capacity: 2 })
    const before = await everything(house.database)
    house.clock.advance(3_600_000)
    const again = await importFrom(house, folder)
    expect(again.output).toBe(
      'theatres     1 unchanged\nauditoriums  1 unchanged\nmovies       1 unchanged\nshowtimes    1 unchanged\n',
    )
    expect(await everything(house.database)).toEqual(before)
  })

  test('a changed line changes its row alone, and a line may refer to what was imported before', async () => {
    const house = await startApp(engine)
    await importFrom(house, {})
    house.clock.advance(1_000)
    const later = { ...show, startsAt: '2026-12-01T22:00:00+00:00' }
    const { code, output } = await importFrom(house, {
      theatres: [],
      auditoriums: [],
      movies: [{ ...film, title: 'The Departure' }],
      showtimes: [{ ...show, startsAt: '2026-12-01T19:30:00Z' }, later],
    })
    expect(code).toBe(0)
    expect(output).toBe(
      'theatres     none\nauditoriums  none\nmovies       1 changed\nshowtimes    1 created, 1 unchanged\n',
    )
    const movie = await house.database.read.selectFrom('movies').selectAll().executeTakeFirstOrThrow()
    expect(movie).toMatchObject({ title: 'The Departure', createdAt: testStart, updatedAt: testStart + 1_000 })
  })

  test('a changed hall is that of its coming showtimes too, unless somebody has a seat there', async () => {
    const house = await startApp(engine)
    await importFrom(house, {})
    const wider = { ...hall, layout: { seating: 'general', capacity: 99 } }
    expect((await importFrom(house, { auditoriums: [wider] })).output).toContain('auditoriums  1 changed')
    const read = async () => await house.database.read.selectFrom('showtimes').selectAll().executeTakeFirstOrThrow()
    expect(await read()).toMatchObject({ layoutVersion: 2, seating: 'general', capacity: 99 })
    const { id } = await read()
    await house.call(placeHold, { params: { id }, body: { count: 2 } })
    await importFrom(house, { auditoriums: [{ ...hall, layout: { seating: 'general', capacity: 50 } }] })
    expect(await read()).toMatchObject({ layoutVersion: 2, capacity: 99 })
  })

  test('is in the audit log when it changed something, and not when it did not', async () => {
    const house = await startApp(engine)
    const noted = async () => await house.database.read.selectFrom('auditLog').selectAll().execute()
    await importFrom(house, {})
    await importFrom(house, {})
    const counts = { 'theatres.ndjson': 1, 'auditoriums.ndjson': 1, 'movies.ndjson': 1, 'showtimes.ndjson': 1 }
    expect((await noted()).map(({ action, request }) => [action, JSON.parse(request)])).toEqual([
      ['matinee import', counts],
    ])
  })

  test('takes a byte-order mark, CRLF, blank lines, a last line without its end, and the past', async () => {
    const house = await startApp(engine)
    const folder = folderOf({})
    writeFileSync(join(folder, 'movies.ndjson'), `\uFEFF${JSON.stringify(film)}\r\n\r\n`)
    writeFileSync(join(folder, 'showtimes.ndjson'), JSON.stringify({ ...show, startsAt: '2020-02-29T23:30+01:00' }))
    expect(await importFrom(house, folder)).toMatchObject({ code: 0, errors: '' })
    const row = await house.database.read.selectFrom('showtimes').selectAll().executeTakeFirstOrThrow()
    expect(row.startsAt).toBe(Date.parse('2020-02-29T22:30Z'))
  })

  test('names every problem with file and line, and imports nothing', async () => {
    const house = await startApp(engine)
    const twice = { ...plan, rows: [...plan.rows, { label: 'A', line: 3, seats: [{ number: '2' }] }] }
    const { code, output, errors } = await importFrom(house, {
      theatres: [rio, { ...rio, id: 'mars', timeZone: 'Mars/Olympus' }, { ...rio, name: 'Again' }, 'nonsense'],
      auditoriums: [
        hall,
        { ...hall, id: 'rio-2', layout: twice },
        { ...hall, id: 'lost-1', theatreId: 'atlantis' },
        { ...hall, id: 'mars-1', theatreId: 'mars' },
      ],
      movies: [film, { ...film, id: 'b', runtimeMinutes: 0 }, { ...film, id: 'c', colour: 'red', title: undefined }],
      showtimes: [
        show,
        { ...show, startsAt: '2026-12-01T21:40' },
        { ...show, startsAt: '2026-03-29T01:30' },
        { ...show, startsAt: '2026-12-02T10:00', basePrice: { amount: 900, currency: 'EUR' } },
        { ...show, startsAt: '2026-12-02T13:00', movieId: 'nobody-made-this' },
        { ...show, startsAt: '2026-12-02T16:00', auditoriumId: 'mars-1' },
        { ...show, startsAt: '2026-12-01T19:30:00Z' },
        { ...show, startsAt: '2026-12-02T19:00', endsAt: '2026-12-02T18:00' },
      ],
    })
    expect([code, output]).toEqual([1, ''])
    const told = errors.trimEnd().split('\n')
    const expected = [
      /^theatres\.ndjson:2: timeZone is not a time zone/,
      /^theatres\.ndjson:3: id "rio" is in line 1 already$/,
      /^theatres\.ndjson:4: the line is not valid JSON/,
      /^auditoriums\.ndjson:2: layout\.rows\[1\]\.seats\[0\] seat A2 is there already/,
      /^auditoriums\.ndjson:3: theatreId names "atlantis", which is neither in theatres\.ndjson nor in the database$/,
      /^movies\.ndjson:2: runtimeMinutes must be >= 1$/,
      /^movies\.ndjson:3: /,
      /^movies\.ndjson:3: colour is not known here$/,
      /^showtimes\.ndjson:2: startsAt overlaps the showtime from 2026-12-01T19:30 to 2026-12-01T21:45, .* \(line 1\)$/,
      /^showtimes\.ndjson:3: startsAt .*does not exist in Europe\/London/,
      /^showtimes\.ndjson:4: basePrice\.currency must be GBP/,
      /^showtimes\.ndjson:5: movieId names "nobody-made-this"/,
      /^showtimes\.ndjson:7: startsAt is the same showtime again \(line 1\)$/,
      /^showtimes\.ndjson:8: endsAt must be after the start$/,
      /^matinee: 14 problems: nothing was imported\.$/,
    ]
    expect(told).toHaveLength(expected.length)
    for (const pattern of expected) expect(told).toContainEqual(expect.stringMatching(pattern))
    expect(await everything(house.database)).toEqual(nothing)
  })

  test('an overlap with what is stored is named, and so is a theatre that is not the hall’s', async () => {
    const house = await startApp(engine)
    await importFrom(house, {})
    const before = await everything(house.database)
    const { code, errors } = await importFrom(house, {
      theatres: [rio, { ...rio, id: 'lux', name: 'Lux' }],
      auditoriums: [{ ...hall, theatreId: 'lux' }],
      showtimes: [
        { ...show, id: 'one', startsAt: '2026-12-01T18:00' },
        { ...show, startsAt: '2026-12-03T18:00', theatreId: 'lux' },
      ],
    })
    expect(code).toBe(1)
    expect(errors).toMatch(/^auditoriums\.ndjson:1: theatreId is not the theatre that it has so far$/m)
    expect(errors).not.toContain('showtimes.ndjson')
    const second = await importFrom(house, {
      theatres: [rio, { ...rio, id: 'lux', name: 'Lux' }],
      showtimes: [
        { ...show, id: 'one', startsAt: '2026-12-01T18:00' },
        { ...show, startsAt: '2026-12-03T18:00', theatreId: 'lux' },
      ],
    })
    expect(second.errors).toMatch(/^showtimes\.ndjson:1: startsAt overlaps the showtime from .* included$/m)
    expect(second.errors).toMatch(/^showtimes\.ndjson:2: theatreId is not the theatre of this auditorium$/m)
    expect(await everything(house.database)).toEqual(before)
  })

  test('a theatre that has showtimes keeps its currency and its zone', async () => {
    const house = await startApp(engine)
    await importFrom(house, {})
    const moved = { ...rio, currency: 'EUR', timeZone: 'Europe/Dublin' }
    const { code, errors } = await importFrom(house, { theatres: [moved], auditoriums: [], movies: [], showtimes: [] })
    expect(code).toBe(1)
    expect(errors).toMatch(/^theatres\.ndjson:1: currency stays GBP: the theatre has showtimes$/m)
    expect(errors).toMatch(/^theatres\.ndjson:1: timeZone stays Europe\/London: the theatre has showtimes$/m)
  })

  test('a file that is missing, cut short or one line of 100 MB is named', async () => {
    const house = await startApp(engine)
    const folder = folderOf({})
    unlinkSync(join(folder, 'theatres.ndjson'))
    truncateSync(join(folder, 'movies.ndjson'), 40)
    // A sparse file: a hundred million bytes that take no room.
    truncateSync(join(folder, 'showtimes.ndjson'), 100_000_000)
    const { code, errors } = await importFrom(house, folder)
    expect(code).toBe(1)
    expect(errors).toMatch(/^theatres\.ndjson: the file is missing/m)
    expect(errors).toMatch(/^movies\.ndjson:1: the line is cut short/m)
    expect(errors).toMatch(
      /^showtimes\.ndjson:2: the line is [\d,]+ bytes long; the longest allowed is 1,048,576 bytes$/m,
    )
    expect(await everything(house.database)).toEqual(nothing)
  })

  test('empty files import nothing, and a folder that is not there is said so', async () => {
    const house = await startApp(engine)
    const empty = { theatres: [], auditoriums: [], movies: [], showtimes: [] }
    expect(await importFrom(house, empty)).toMatchObject({
      code: 0,
      output: expect.stringContaining('showtimes    none'),
    })
    expect(await importFrom(house, '/no/such/folder')).toEqual({
      code: 1,
      output: '',
      errors: 'matinee: There is no folder /no/such/folder.\n',
    })
    expect(await typeCommand(house.location, ['import'])).toMatchObject({ code: 2 })
  })

  test('text that would break a terminal or an engine is told without harm', async () => {
    const house = await startApp(engine)
    const { code, errors } = await importFrom(house, {
      theatres: [
        { ...rio, name: 'Rio\u0000' },
        { ...rio, id: 'x\u001b[2J', city: 7 },
      ],
      movies: ['{"id":"a","title":"\\ud800","runtimeMinutes":90}', '{"__proto__":{"id":"x"},"id":"b"}', '[]'],
    })
    expect(code).toBe(1)
    expect(errors).toMatch(/^theatres\.ndjson:1: name /m)
    expect(errors).toMatch(/^movies\.ndjson:1: title holds a character that is not text$/m)
    expect(errors).toMatch(/^movies\.ndjson:2: __proto__ is not known here$/m)
    expect(errors.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    expect(await everything(house.database)).toEqual(nothing)
  })

  test('ten thousand problems are shown, and the rest is counted', async () => {
    const house = await startApp(engine)
    const { errors } = await importFrom(house, { movies: Array.from({ length: 10_200 }, () => 'no') })
    expect(errors.trimEnd().split('\n')).toHaveLength(10_002)
    expect(errors).toContain('… and 201 more problems\n')
  })
})
