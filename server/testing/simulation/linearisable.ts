/** What was asked about one seat and what came of it; `refused` acts say how the seat must have stood. */
export type SeatAct =
  | { readonly do: 'take'; readonly ref: string; readonly expiresAt: readonly [earliest: number, latest: number] }
  | {
      readonly do: 'change'
      readonly from: string
      readonly to: string
      /** Null: it is sold, for good. */
      readonly expiresAt: readonly [earliest: number, latest: number] | null
    }
  | { readonly do: 'free'; readonly ref: string }
  /** Somebody was told that the seat is taken. */
  | { readonly do: 'find taken' }
  /** Somebody was told that the seat is not theirs any more. */
  | { readonly do: 'find lost'; readonly ref: string }
  | { readonly do: 'read'; readonly status: 'available' | 'held' | 'booked' }

/** One operation at one seat. Moments are places in the order of all that was sent and heard, seen from outside. */
export interface SeatOperation {
  readonly name: string
  readonly invokedAt: number
  /** Infinity: nobody heard what became of it; it may be done at any moment, or never. */
  readonly returnedAt: number
  readonly act: SeatAct
}

/** What the house's clocks may have said between two moments, milliseconds. */
export type ClockBetween = (from: number, to: number) => readonly [earliest: number, latest: number]

/** Who has a seat, until when and since which moment; as far as those outside can know. */
interface SeatState {
  readonly ref: string | null
  readonly expiresAt: readonly [earliest: number, latest: number] | null
  readonly since: number
}

const free: SeatState = { ref: null, expiresAt: null, since: 0 }

/**
 * Whether there is an order of all operations at a seat in which each takes place at one moment between being asked and
 * being answered, and a seat that only one can have explains every answer. Wing and Gong's search, remembering where it has
 * been (Lowe, "Testing for linearizability", 2017). Answers the operations in such an order, or null.
 */
export function linearise(
  operations: readonly SeatOperation[],
  clockBetween: ClockBetween,
): readonly SeatOperation[] | null {
  const all = operations.toSorted((one, other) => one.invokedAt - other.invokedAt)
  const visited = new Set<string>()
  const path: SeatOperation[] = []

  function search(done: bigint, state: SeatState): boolean {
    const open = all.filter((_operation, index) => (done & (1n << BigInt(index))) === 0n)
    if (open.every(({ returnedAt }) => returnedAt === Infinity)) return true
    const name = `${done} ${state.ref} ${state.expiresAt?.join()} ${state.since}`
    if (visited.has(name)) return false
    visited.add(name)
    // Whatever was asked after another had been answered comes after it.
    const firstReturn = Math.min(...open.map(({ returnedAt }) => returnedAt))
    for (const [index, operation] of all.entries()) {
      if (operation.invokedAt > firstReturn) break
      if ((done & (1n << BigInt(index))) !== 0n) continue
      const next = apply(state, operation, clockBetween)
      if (!next) continue
      path.push(operation)
      if (search(done | (1n << BigInt(index)), next)) return true
      path.pop()
    }
    return false
  }
  return search(0n, free) ? path : null
}

/** The seat after an operation; null when it could not have gone so. */
function apply(state: SeatState, operation: SeatOperation, clockBetween: ClockBetween): SeatState | null {
  const { act, invokedAt, returnedAt } = operation
  const mayBeLive =
    state.ref !== null && (state.expiresAt === null || clockBetween(invokedAt, returnedAt)[0] < state.expiresAt[1])
  // Once its time was over it may have been swept away, even if a clock was set back afterwards.
  const mayBeFree =
    state.ref === null || (state.expiresAt !== null && clockBetween(state.since, returnedAt)[1] >= state.expiresAt[0])
  switch (act.do) {
    case 'take':
      return mayBeFree ? { ref: act.ref, expiresAt: act.expiresAt, since: invokedAt } : null
    case 'change':
      if (state.ref !== act.from || !mayBeLive) return null
      return { ref: act.to, expiresAt: act.expiresAt, since: invokedAt }
    case 'free':
      return state.ref === act.ref ? free : state
    case 'find taken':
      return mayBeLive ? state : null
    case 'find lost':
      return state.ref !== act.ref || mayBeFree ? state : null
    default:
      if (act.status === 'available') return mayBeFree ? state : null
      return mayBeLive && (act.status === 'booked') === (state.expiresAt === null) ? state : null
  }
}
