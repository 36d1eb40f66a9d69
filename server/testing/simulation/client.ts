import { hashOf } from '../../http/idempotency.ts'
import type { Command } from './commands.ts'
import type { Ask, Heard } from './history.ts'
import type { Random } from './random.ts'

/** Where seats are sold, and which. */
export interface Market {
  readonly showtimes: readonly [string, ...string[]]
  readonly seats: readonly [string, ...string[]]
}

export const rules = {
  holdMs: 300_000,
  payMs: 600_000,
  showtimes: ['s1', 's2'],
  seats: ['A1', 'A2', 'A3', 'A4'],
} as const

/** What a client wants next, and the command that a server makes of it. */
export interface Wish {
  readonly ask: Ask
  readonly key: string
  readonly showtimeId: string
}

/** Somebody who buys seats: holds, hesitates, books, pays, cancels; and asks again with the same key while nobody answers. */
export class SimulatedClient {
  readonly name: string
  readonly #random: Random
  readonly #market: Market
  #steps = 0
  #showtime: string
  #hold: string | null = null
  #booking: string | null = null
  #wish: Wish | null = null

  constructor(name: string, random: Random, market: Market = rules) {
    this.name = name
    this.#random = random
    this.#market = market
    this.#showtime = market.showtimes[0]
  }

  /** What is asked: the same as before while it is not known what became of it. */
  next(): Wish {
    this.#wish ??= this.#choose()
    return this.#wish
  }

  get isUncertain(): boolean {
    return this.#wish !== null
  }

  hear(heard: Heard): void {
    const ask = this.#wish?.ask
    this.#wish = null
    const made = heard.kind === 'made' ? heard.id : null
    if (ask?.do === 'hold') this.#hold = made
    if (ask?.do === 'release') this.#hold = null
    if (ask?.do === 'book') this.#booking = made
    if (ask?.do === 'cancel' || (heard.kind === 'refused' && ask?.do !== 'read')) this.#forget()
    // Whoever has paid goes home, now and then.
    if (ask?.do === 'confirm' && this.#random.chance(0.5)) this.#forget()
  }

  #forget(): void {
    this.#hold = null
    this.#booking = null
  }

  #choose(): Wish {
    this.#steps += 1
    const ask = this.#ask()
    return { ask, key: `${this.name}.${this.#steps}`, showtimeId: this.#showtime }
  }

  #ask(): Ask {
    if (this.#random.chance(0.1)) return { do: 'read', showtime: this.#showtime }
    const booking = this.#booking
    if (booking !== null) return this.#random.chance(0.7) ? { do: 'confirm', booking } : { do: 'cancel', booking }
    const hold = this.#hold
    if (hold === null) {
      this.#showtime = this.#random.pick(this.#market.showtimes)
      const seats = this.#market.seats.filter(() => this.#random.chance(0.4))
      if (seats.length === 0) seats.push(this.#random.pick(this.#market.seats))
      return { do: 'hold', showtime: this.#showtime, seats, lastsMs: rules.holdMs }
    }
    const luck = this.#random.next()
    if (luck < 0.2) return { do: 'extend', hold, lastsMs: rules.holdMs }
    return luck < 0.4 ? { do: 'release', hold } : { do: 'book', hold, lastsMs: rules.payMs }
  }
}

/** What a server makes of a wish; `id` is what it would make new. */
export function commandOf(client: string, { ask, key: name, showtimeId }: Wish, id: string): Command | null {
  const key = { caller: client, route: ask.do, key: name, bodyHash: hashOf(ask) }
  switch (ask.do) {
    case 'hold':
      return {
        kind: 'place',
        showtimeId,
        auditoriumId: 'hall',
        layoutVersion: 1,
        revision: 1,
        theatreRevision: 1,
        wish: { kind: 'seats', seatIds: ask.seats },
        hold: { id, terms: '', client, address: client, userId: null, extensionsLeft: 1, channel: 'web' },
        holdMs: ask.lastsMs,
        limits: null,
        key,
      }
    case 'extend':
      return { kind: 'extend', showtimeId, holdId: ask.hold, holdMs: ask.lastsMs, key }
    case 'release':
      return { kind: 'release', showtimeId, holdId: ask.hold }
    case 'book':
      return { kind: 'book', showtimeId, holdId: ask.hold, bookingId: id, payMs: ask.lastsMs, key }
    case 'confirm':
    case 'cancel':
      return { kind: ask.do, showtimeId, bookingId: ask.booking, key }
    default:
      return null
  }
}
