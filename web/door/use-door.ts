import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { RefusedCall } from '../../contract/client.ts'
import { call } from '../api.ts'
import { readStored, writeStored } from '../ui/stored.ts'
import { fetchPacks } from './door-packs.ts'
import { drop, keep, readAll } from './door-store.ts'
import type { Scan } from './door-store.ts'
import { judgeCode, verifyByBrowser } from './judge-code.ts'
import type { KeptPack, LetIn } from './judge-code.ts'
import { admittedBy, outcomeOf, restOf, stoppedBy } from './outcome.ts'
import type { Admitted, Outcome } from './outcome.ts'
import { dropKnown, reportWaiting } from './report-waiting.ts'
import { signal } from './sound.ts'

const syncEveryMs = 20_000
/** Whoever stands at a door is not kept waiting for a network that leads nowhere. */
const patienceMs = 2500

/** The house has answered with a no; anything else is no answer, and this device judges. */
function isAnswer(error: unknown): boolean {
  return error instanceof RefusedCall && error.problem.status < 500 && error.problem.status !== 429
}

const keptKey = ['door', 'kept'] as const
const syncKey = ['door', 'sync'] as const
const nothing: { readonly packs: readonly KeptPack[]; readonly scans: readonly Scan[] } = { packs: [], scans: [] }

async function readKept() {
  return { packs: await readAll('packs'), scans: await readAll('scans') }
}

/** Reports what waits and fetches what is new. False: the house cannot be reached. */
async function syncWithHouse(queries: QueryClient): Promise<boolean> {
  try {
    await reportWaiting()
    const fresh = await fetchPacks(queries, Date.now())
    await dropKnown(new Map(fresh.map(({ pack }) => [pack.showtime.id, pack.asOf])))
    return true
  } catch (error) {
    return isAnswer(error)
  }
}

/** What this device keeps, brought up to date with the house as often as there is a network. */
function useKept() {
  const queries = useQueryClient()
  const refresh = useCallback(() => queries.invalidateQueries({ queryKey: keptKey }), [queries])
  const sync = useCallback(() => queries.invalidateQueries({ queryKey: syncKey }), [queries])
  const kept = useQuery({ queryKey: keptKey, queryFn: readKept, retry: false })
  const house = useQuery({
    queryKey: syncKey,
    retry: false,
    refetchInterval: syncEveryMs,
    refetchIntervalInBackground: true,
    queryFn: async () => {
      const isOnline = await syncWithHouse(queries)
      await refresh()
      return isOnline
    },
  })
  useEffect(() => {
    const syncNow = () => void sync()
    window.addEventListener('online', syncNow)
    return () => window.removeEventListener('online', syncNow)
  }, [sync])
  const { packs, scans } = kept.data ?? nothing
  const loseHouse = () => queries.setQueryData(syncKey, false)
  return { packs, scans, isOnline: house.data ?? true, loseHouse, refresh, sync }
}

/** Asks the house. Throws what it answers, and where there is no answer. */
async function askHouse(code: string, showtimeId: string | null): Promise<Admitted> {
  const body = { code, ...(showtimeId !== null && { showtimeId }) }
  const late = AbortSignal.timeout(patienceMs)
  return admittedBy(await call('checkIn', { body, idempotencyKey: crypto.randomUUID(), signal: late }))
}

/** Asks the house to let in the others of a booking. */
async function askForRest({ party, show }: Admitted): Promise<Admitted> {
  const body = { bookingId: party?.bookingId ?? '', showtimeId: show.id }
  const late = AbortSignal.timeout(patienceMs)
  return admittedBy(await call('checkIn', { body, idempotencyKey: crypto.randomUUID(), signal: late }))
}

/** Keeps who was let in, so that a code is not taken twice here, whatever becomes of the network. */
async function note(outcome: Admitted, code: string, how: Pick<Scan, 'state' | 'wasAsked'>): Promise<void> {
  const { id, movieTitle } = outcome.show
  for (const ticketId of outcome.ticketIds) {
    const scan = { id: crypto.randomUUID(), showtimeId: id, ticketId, code, seat: outcome.seat, title: movieTitle }
    await keep('scans', { ...scan, at: new Date().toISOString(), ...how })
  }
}

interface Alone {
  readonly packs: readonly KeptPack[]
  readonly showtimeId: string | null
  /** Whether the house was asked before, and did not answer. */
  readonly wasAsked: boolean
}

async function readLetIn(): Promise<LetIn> {
  return new Map((await readAll('scans')).map(({ ticketId, at }) => [ticketId, at]))
}

/** Lets in the others of a booking by the list of this device; null where it has none of them. */
async function letInRest({ party, show }: Admitted, packs: readonly KeptPack[], wasAsked: boolean) {
  const kept = packs.find(({ pack }) => pack.showtime.id === show.id)
  const rest = kept && party && restOf(kept, party.bookingId, await readLetIn())
  if (!rest) return null
  for (const ticketId of rest.ticketIds) {
    const seat = kept.pack.tickets.find(({ id }) => id === ticketId)?.seat ?? null
    await note({ ...rest, ticketIds: [ticketId], seat }, '', { state: 'waiting', wasAsked })
  }
  return rest
}

/** Judges by what this device keeps; `error` is why the house does not. */
async function judgeHere(code: string, { packs, showtimeId, wasAsked }: Alone, error: unknown): Promise<Outcome> {
  if (packs.length === 0) return stoppedBy(error)
  const letIn = await readLetIn()
  const judgement = await judgeCode({ code, packs, letIn, showtimeId, nowMs: Date.now() }, verifyByBrowser)
  const outcome = outcomeOf(judgement, letIn)
  if (outcome.isIn) await note(outcome, code, { state: 'waiting', wasAsked })
  return outcome
}

/** Everything that can be done at a door. */
export function useDoor() {
  const kept = useKept()
  const { packs, scans, isOnline } = kept
  const [showtimeId, setShowtimeId] = useState(() => readStored<string | null>('door', null))
  const known = packs.some(({ pack }) => pack.showtime.id === showtimeId) ? showtimeId : null

  const scan = useMutation({
    networkMode: 'always',
    mutationFn: async (code: string): Promise<Outcome> => {
      const wasAsked = isOnline || packs.length === 0
      try {
        if (!wasAsked) throw new Error('There is no network')
        const admitted = await askHouse(code, known)
        await note(admitted, code, { state: 'done' }).catch(() => {})
        return admitted
      } catch (error) {
        if (isAnswer(error)) return stoppedBy(error)
        kept.loseHouse()
        return await judgeHere(code, { packs, showtimeId: known, wasAsked }, error).catch(() => stoppedBy(error))
      }
    },
    onSuccess: async (outcome) => {
      signal(outcome.isIn ? 'good' : 'bad')
      await kept.refresh()
    },
  })
  const rest = useMutation({
    networkMode: 'always',
    mutationFn: async (first: Admitted) => {
      try {
        if (!isOnline) throw new Error('There is no network')
        const admitted = await askForRest(first)
        await note(admitted, '', { state: 'done' }).catch(() => {})
        return admitted
      } catch (error) {
        if (isAnswer(error)) throw error
        kept.loseHouse()
        const others = await letInRest(first, packs, isOnline)
        if (!others) throw error
        return others
      }
    },
    onSuccess: async () => {
      signal('good')
      await kept.refresh()
    },
  })
  const undo = useMutation({
    networkMode: 'always',
    mutationFn: async ({ ticketIds }: Admitted) => {
      for (const ticketId of ticketIds) {
        const own = (await readAll('scans')).find((one) => one.ticketId === ticketId)
        if (own?.state !== 'waiting') await call('undoCheckIn', { params: { ticketId } })
        if (own) await drop('scans', own.id)
      }
    },
    onSuccess: () => kept.sync(),
  })
  const seeTo = async (id: string) => {
    await drop('scans', id)
    await kept.refresh()
  }
  const choose = (id: string | null) => {
    writeStored('door', id)
    setShowtimeId(id)
  }
  return { packs, scans, isOnline, showtimeId: known, choose, scan, rest, undo, seeTo }
}

export type Door = ReturnType<typeof useDoor>
