import { expect, it } from 'vitest'
import * as contract from '../../contract/auditoriums.ts'
import { createTheatre } from '../../contract/venues.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const rex = { name: 'Rex', city: 'London', timeZone: 'Europe/London', currency: 'GBP' }
const rowOf = (label: string, count: number) => ({
  label,
  seats: Array.from({ length: count }, (_, index) => ({ number: String(index + 1) })),
})

async function house(test: TestApp) {
  const owner = await signIn(test, 'owner')
  const theatre = (await test.call(createTheatre, { body: rex }, owner)).body
  return { owner, theatre }
}

async function hall(test: TestApp, theatreId: string, as: SignedIn, body: object = {}) {
  test.clock.advance(1)
  const input = { params: { id: theatreId }, body: { name: 'One', layout: { rows: [rowOf('A', 3)] }, ...body } }
  return (await test.call(contract.createAuditorium, input, as)).body
}

onBothEngines('auditoriums', (engine) => {
  it('have a name and a layout with every default filled in', async () => {
    const test = await startApp(engine)
    const { owner, theatre } = await house(test)
    const made = await hall(test, theatre.id, owner, { layout: { rows: [rowOf('A', 2)] } })
    expect(made).toEqual({
      id: expect.stringMatching(/^aud_/),
      theatreId: theatre.id,
      name: 'One',
      capacity: 2,
      layoutVersion: 1,
      turnaroundMinutes: null,
      layout: {
        seating: 'reserved',
        rows: [
          {
            label: 'A',
            line: 1,
            seats: [
              { number: '1', column: 1, category: 'standard', kind: 'standard' },
              { number: '2', column: 2, category: 'standard', kind: 'standard' },
            ],
          },
        ],
      },
    })
    expect((await test.call(contract.getAuditorium, { params: { id: made.id } })).body).toEqual(made)
    const { body: general } = await test.call(
      contract.createAuditorium,
      {
        params: { id: theatre.id },
        body: { name: 'Bar', turnaroundMinutes: 30, layout: { seating: 'general', capacity: 120 } },
      },
      owner,
    )
    expect(general).toMatchObject({
      capacity: 120,
      turnaroundMinutes: 30,
      layout: { seating: 'general', capacity: 120 },
    })
    const { body: list } = await test.call(contract.listAuditoriums, {
      params: { id: theatre.id },
      query: { limit: 1 },
    })
    expect(list.data).toEqual([general])
    const next = { params: { id: theatre.id }, query: { limit: 1, cursor: list.nextCursor } }
    expect((await test.call(contract.listAuditoriums, next)).body).toEqual({ data: [made], nextCursor: null })
    const nowhere = { params: { id: 'thr_nothing' } }
    expect((await test.call(contract.listAuditoriums, nowhere)).status).toBe(404)
    const body = { name: 'One', layout: { seating: 'general', capacity: 1 } }
    expect((await test.call(contract.createAuditorium, { ...nowhere, body }, owner)).status).toBe(404)
  })

  it('refuse a layout that is none, and say where it is wrong', async () => {
    const wrong: [object, string][] = [
      [{ rows: [{ label: 'A', seats: [{ number: '1' }, { number: '1' }] }] }, '/layout/rows/0/seats/1'],
      [{ rows: [{ label: 'A', seats: [{ number: 1 }] }] }, '/layout/rows/0/seats/0/number'],
      [{ rows: [{ label: 'A', seats: [{ number: '1', kind: 'throne' }] }] }, '/layout/rows/0/seats/0/kind'],
      [{ rows: [{ label: 'A', seats: [{ number: '1', colour: 'red' }] }] }, '/layout/rows/0/seats/0/colour'],
      [{ rows: [] }, '/layout/rows'],
      [{ rows: Array.from({ length: 21 }, (_, index) => rowOf(`${index}-`, 100)) }, '/layout/rows'],
      [{ seating: 'general', capacity: 0 }, '/layout/capacity'],
      [{ seating: 'general', capacity: 5, rows: [] }, '/layout/rows'],
      [{ name: 'Plan', categories: [], zones: [{ rows: [] }] }, '/layout/zones/0'],
    ]
    const test = await startApp(engine)
    const { owner, theatre } = await house(test)
    for (const [layout, path] of wrong) {
      const input = { params: { id: theatre.id }, body: { name: 'One', layout } }
      const { problem } = await test.call(contract.createAuditorium, input, owner)
      const errors = [{ path, message: expect.any(String) }]
      expect(problem, JSON.stringify(layout).slice(0, 80)).toMatchObject({
        status: 400,
        code: 'validation_failed',
        errors,
      })
    }
  })

  it('keep every version of their layout, numbered without a gap, whoever changes it at once', async () => {
    const test = await startApp(engine)
    const { owner, theatre } = await house(test)
    const { id } = await hall(test, theatre.id, owner)
    const puts = Array.from({ length: 12 }, (_, index) =>
      test.call(contract.setLayout, { params: { id }, body: { rows: [rowOf('A', 10 + index)] } }, owner),
    )
    const versions = (await Promise.all(puts)).map((answer) => answer.body.layoutVersion)
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index + 2))
    const kept = await test.database.read
      .selectFrom('layouts')
      .select(['version', 'capacity'])
      .orderBy('version')
      .execute()
    expect(kept.map((row) => row.version)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1))
    expect(kept[0]?.capacity).toBe(3)
    const { body: now } = await test.call(contract.getAuditorium, { params: { id } })
    expect(now).toMatchObject({ layoutVersion: 13, capacity: kept.at(-1)?.capacity })
    const same = await test.call(contract.setLayout, { params: { id }, body: now.layout }, owner)
    expect(same.body.layoutVersion).toBe(13)
  })

  it('answer 412 to the second of two managers', async () => {
    const test = await startApp(engine)
    const { owner, theatre } = await house(test)
    const { id } = await hall(test, theatre.id, owner)
    const etag = String((await test.call(contract.getAuditorium, { params: { id } })).headers['etag'])
    const as = { token: owner.token, headers: { 'if-match': etag } }
    const edits = [
      test.call(contract.updateAuditorium, { params: { id }, body: { name: 'Two', turnaroundMinutes: 20 } }, as),
      test.call(contract.setLayout, { params: { id }, body: { rows: [rowOf('A', 9)] } }, as),
    ]
    expect((await Promise.all(edits)).map((answer) => String(answer.status)).toSorted()).toEqual(['200', '412'])
    const { body } = await test.call(contract.updateAuditorium, { params: { id }, body: { name: 'Three' } }, owner)
    expect(body.name).toBe('Three')
    const cleared = await test.call(
      contract.updateAuditorium,
      { params: { id }, body: { turnaroundMinutes: null } },
      owner,
    )
    expect(cleared.body).toMatchObject({ name: 'Three', turnaroundMinutes: null })
  })

  it('give their layout in the pretix format and take it back', async () => {
    const test = await startApp(engine)
    const { owner, theatre } = await house(test)
    const layout = {
      rows: [
        {
          label: 'A',
          line: 2,
          seats: [
            { number: 'H1', column: 3, kind: 'wheelchair' },
            { number: 'H2', column: 4, kind: 'companion' },
          ],
        },
        {
          label: 'B',
          line: 4,
          seats: [
            { number: '1', column: 1, kind: 'sofa', unit: 'S1' },
            { number: '2', column: 2, kind: 'sofa', unit: 'S1' },
          ],
        },
        { label: 'C', line: 5, seats: [{ number: '7', column: 9, category: 'premium', kind: 'restricted_view' }] },
      ],
    }
    const made = await hall(test, theatre.id, owner, { layout })
    const params = { id: made.id }
    const json = await test.call(contract.getLayout, { params })
    expect(json.body).toEqual(made.layout)
    const { body: plan } = await test.call(contract.getLayout, { params, query: { format: 'pretix' } })
    expect(plan).toMatchObject({
      name: 'One',
      zones: [{ rows: [{ row_number: 'A' }, { row_number: 'B' }, { row_number: 'C' }] }],
    })
    const other = await hall(test, theatre.id, owner)
    const { body: taken } = await test.call(contract.setLayout, { params: { id: other.id }, body: plan }, owner)
    expect(taken).toMatchObject({ layout: made.layout, capacity: 5, layoutVersion: 2 })
    expect((await test.call(contract.getLayout, { params, query: { format: 'svg' } })).status).toBe(400)
  })

  it('have their layouts read and written in both formats without keeping anything', async () => {
    const test = await startApp(engine)
    const { owner } = await house(test)
    const layout = { curve: 8, rows: [{ ...rowOf('A', 3), stagger: true }, rowOf('B', 2)] }
    const convert = (body: object, query: object = {}) => test.call(contract.convertLayout, { body, query }, owner)
    const { body: read } = await convert(layout)
    expect(read).toMatchObject({ seating: 'reserved', curve: 8, rows: [{ line: 1, stagger: true }, { line: 2 }] })
    const { body: plan } = await convert(layout, { format: 'pretix', name: 'Studio' })
    expect(plan).toMatchObject({ name: 'Studio', zones: [{ rows: [{ row_number: 'A' }, { row_number: 'B' }] }] })
    expect((await convert(plan)).body).toEqual(read)
    const twice = await convert({ rows: [rowOf('A', 1), rowOf('A', 1)] })
    expect(twice.problem).toMatchObject({ status: 400, errors: [{ path: '/rows/1/seats/0' }] })
    expect(await test.database.read.selectFrom('layouts').selectAll().execute()).toEqual([])
  })

  it('are changed by the theatre’s owner alone, and leave with their layouts', async () => {
    const test = await startApp(engine)
    const { owner, theatre } = await house(test)
    const { id } = await hall(test, theatre.id, owner)
    const another = await signIn(test, 'owner')
    const refused = [
      test.call(contract.updateAuditorium, { params: { id }, body: { name: 'Mine' } }, another),
      test.call(contract.setLayout, { params: { id }, body: { seating: 'general', capacity: 1 } }, another),
      test.call(contract.deleteAuditorium, { params: { id } }, another),
    ]
    for (const answer of await Promise.all(refused)) expect(answer.problem.code).toBe('forbidden')
    expect((await test.call(contract.deleteAuditorium, { params: { id } }, owner)).status).toBe(204)
    expect((await test.call(contract.getAuditorium, { params: { id } })).status).toBe(404)
    expect(await test.database.read.selectFrom('layouts').selectAll().execute()).toEqual([])
  })
})
