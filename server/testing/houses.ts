import type { LayoutInput } from '../../contract/layouts.ts'
import { createShowtime } from '../../contract/showtimes.ts'
import { upsertMovies } from '../catalogue/upsert-movie.ts'
import type { Engine } from '../database/database.ts'
import { must } from '../platform/assert.ts'
import { parseLayout } from '../venues/layout.ts'
import { upsertAuditoriums, upsertTheatres } from '../venues/upsert-venues.ts'
import { startApp } from './harness.ts'
import type { TestApp } from './harness.ts'
import { plainLayout } from './showtimes.ts'
import { signIn } from './sign-in.ts'

export interface HouseWish {
  readonly ownerId?: string
  readonly city?: string
  readonly timeZone?: string
  readonly currency?: string
  /** The theatre's overrides. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** One auditorium for each. */
  readonly layouts?: readonly LayoutInput[]
  /** How long each film is; one film for each. */
  readonly runtimes?: readonly number[]
}

export interface MadeHouse {
  readonly theatreId: string
  /** In the order of the layouts. */
  readonly halls: readonly [string, ...string[]]
  /** In the order of the runtimes. */
  readonly films: readonly [string, ...string[]]
}

let houses = 0

/** A theatre with auditoriums, and films to show: in Berlin, with two plain halls and one film of 100 minutes. */
export async function makeHouse(test: TestApp, wish: HouseWish = {}): Promise<MadeHouse> {
  houses += 1
  const name = `house-${houses}`
  const layouts = (wish.layouts ?? [plainLayout(3, 4), plainLayout(2, 3)]).map((input) =>
    must(parseLayout(input).layout, 'the layout of a test is right'),
  )
  const { city = 'Berlin', timeZone = 'Europe/Berlin', currency = 'EUR', ownerId = null } = wish
  return await test.database.write(async (tx) => {
    const theatre = { name, city, timeZone, currency }
    const theatreId = firstOf(await upsertTheatres(tx, [{ externalKey: name, theatre }]))[0]
    const settings = JSON.stringify(wish.settings ?? {})
    await tx.query.updateTable('theatres').set({ ownerId, settings }).where('id', '=', theatreId).execute()
    const halls = layouts.map((layout, index) => ({
      externalKey: `${name} ${index}`,
      theatreId,
      name: `Screen ${index + 1}`,
      layout,
    }))
    const films = (wish.runtimes ?? [100]).map((runtimeMinutes, index) => ({
      externalKey: `${name} ${index}`,
      movie: { title: `Film ${index + 1}`, runtimeMinutes },
    }))
    return {
      theatreId,
      halls: firstOf(await upsertAuditoriums(tx, halls)),
      films: firstOf(await upsertMovies(tx, films)),
    }
  })
}

function firstOf(upserted: readonly { readonly id: string }[]): [string, ...string[]] {
  const [first, ...rest] = upserted.map((each) => each.id)
  return [must(first, 'a house has at least one'), ...rest]
}

/** An app with an owner and its house; `make` schedules the first film in the first hall, for 12 €, unless told otherwise. */
export async function stageHouse(engine: Engine, wish: HouseWish = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const owner = await signIn(test, 'owner')
  const house = await makeHouse(test, { ownerId: owner.userId, ...wish })
  const usual = {
    movieId: house.films[0],
    auditoriumId: house.halls[0],
    basePrice: { amount: 1200, currency: wish.currency ?? 'EUR' },
  }
  const make = async (body: object) => await test.call(createShowtime, { body: { ...usual, ...body } }, owner)
  return { test, owner, house, make }
}
