import { setTimeout as pause } from 'node:timers/promises'
import { bulkInsert } from '../server/database/bulk-insert.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { within } from '../server/testing/children.ts'
import { watching } from '../storm/ground.ts'
import { loopLateness } from '../storm/overload.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'
import type { House } from './house.ts'

/** From when they are written until they lapse. */
const heldMs = 3000
/** Who comes to each hall as soon as its seats are free. */
const crowd = 20
/** A machine that is busy with other things adds to it. */
const longestStallMs = 1000

export const lapseTogether: Fault = {
  id: 'F32',
  holds:
    'When thousands of holds lapse at one instant, each seat is anybody’s in that instant, whoever watches is told, and the server does not stall.',
  injection: 'as many holds of one seat each as there are seats, which all end in the same millisecond',
  engines: bothEngines,
  // Halls of 2,000 seats.
  rounds: { test: 1, short: 5, long: 5 },
  needs: [],
  async run({ rounds, breakGround }) {
    const location = await breakGround()
    return await inHouse(
      location,
      async (house) => {
        const halls = house.shop.reserved
        const held = await Promise.all(halls.map(async (hall) => ({ hall, first: await holdOne(house, hall.id) })))
        const endsAt = Date.now() + heldMs * rounds
        for (const { hall, first } of held) await fill(location, first, hall, endsAt)
        const listening = Promise.all(halls.map((hall) => listen(house.url, hall)))
        listening.catch(() => undefined)
        ensure((await takeSeats(house, 'early', 1)) === 0, 'A seat that is held was given away')
        await loopLateness(house.url)
        await pause(endsAt - Date.now() + 20)
        const taken = await takeSeats(house, 'at once', crowd)
        ensure(taken === crowd * halls.length, `Only ${taken} of ${crowd * halls.length} seats were free at once`)
        await within(30_000, 'Telling those who watch', listening)
        const [, , worst = Infinity] = await loopLateness(house.url)
        ensure(worst <= longestStallMs, `The event loop stood still for ${worst} ms`)
        const lapsed = halls.reduce((sum, { rows, seats }) => sum + rows * seats, 0)
        return `${lapsed} holds lapsed, ${taken} seats taken at once, event loop late by ${worst} ms at worst`
      },
      { halls: rounds, environment: { HOLD_SECONDS: '120', MAX_SEATS_PER_HOLD: '10' } },
    )
  },
}

type Hall = House['shop']['reserved'][number]

/** A hold of the first seat, for others to be made after it: its id. */
async function holdOne({ client }: House, showtimeId: string): Promise<string> {
  const path = `/showtimes/${showtimeId}/holds`
  const hold = await client.settle({ method: 'POST', path, body: { seats: ['R1-1'] }, key: `one of ${showtimeId}` })
  ensure(hold.status === 201, `The first hold was answered with ${hold.status} ${hold.text}`)
  return String(hold.body['id'])
}

/** Writes a hold of its own for every seat of a hall but the first, as the first one's, until `endsAt`. */
async function fill(location: DatabaseLocation, first: string, hall: Hall, endsAt: number): Promise<void> {
  await watching(location, async ({ database }) => {
    const like = await database.read.selectFrom('holds').selectAll().where('id', '=', first).executeTakeFirstOrThrow()
    const seats = Array.from({ length: hall.rows * hall.seats }, (_seat, index) => seatAt(hall, index)).slice(1)
    await database.write(async (tx) => {
      const own = { ...like, expiresAt: endsAt }
      await bulkInsert(
        tx,
        'holds',
        seats.map((seat) => ({ ...own, id: `${first}.${seat}`, seats: JSON.stringify([seat]) })),
      )
      await bulkInsert(
        tx,
        'seatClaims',
        seats.map((seat) => ({
          showtimeId: hall.id,
          seatId: seat,
          kind: 'hold' as const,
          ref: `${first}.${seat}`,
          expiresAt: endsAt,
          places: 1,
        })),
      )
    })
  })
}

function seatAt({ seats }: Hall, index: number): string {
  return `R${1 + Math.floor(index / seats)}-${1 + (index % seats)}`
}

/** So many people in each hall ask for a seat each, all at once; answers how many got theirs. */
async function takeSeats({ client, shop }: House, when: string, people: number): Promise<number> {
  const wishes = shop.reserved.flatMap((hall) =>
    Array.from({ length: people }, (_person, index) => ({ hall, seat: seatAt(hall, 1 + index * 90) })),
  )
  const heard = await Promise.all(
    wishes.map(async ({ hall, seat }) =>
      client.settle({
        method: 'POST',
        path: `/showtimes/${hall.id}/holds`,
        body: { seats: [seat] },
        key: `${when} ${hall.id} ${seat}`,
      }),
    ),
  )
  return heard.filter(({ status }) => status === 201).length
}

/** Answers when somebody who watches a hall has heard of (nearly) all its seats that they are free again. */
async function listen(url: string, { id, rows, seats }: Hall): Promise<void> {
  const wanted = rows * seats - crowd - 1
  const answer = await fetch(`${url}/api/v1/showtimes/${id}/seats/events`)
  let free = 0
  let text = ''
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) free += event.split('"available"').length - 1
    if (free >= wanted) return
  }
  throw new Error(`Whoever watched heard of ${free} free seats of ${wanted}`)
}
