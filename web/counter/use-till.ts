import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useReducer, useRef, useState } from 'react'
import type { Dispatch } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import type { Theatre } from '../../contract/venues.ts'
import { call, isRefused } from '../api.ts'
import type { FailureCode } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { meQuery } from '../session.ts'
import { useNow } from '../ui/now.ts'
import { useWords } from '../messages/locale.tsx'
import { act } from './act.ts'
import { hear } from './hear.ts'
import { keepSale, keptSale } from './kept-sale.ts'
import { letLoose, perform } from './perform.ts'
import type { Desk } from './perform.ts'
import { newSale } from './sale.ts'
import type { Act, Outcome, Sale } from './sale.ts'
import { nextShow, showsQuery, typesOf } from './shows.ts'

type Step =
  | { readonly act: Act; readonly show: string | null; readonly firstType: string }
  | { readonly outcome: Outcome }

type Send = Dispatch<Step>

/** What somebody hears whose session has ended. */
const signedOut: ReadonlySet<FailureCode> = new Set(['unauthenticated', 'forbidden', 'not_found'])

/** The first thing that is done for a sale fixes its showtime: what was "next" a minute ago is not changed under one's hands. */
function step(sale: Sale, next: Step): Sale {
  if ('outcome' in next) return hear(sale, next.outcome)
  const { act: done, show, firstType } = next
  const acted = act(sale, done)
  const after = acted.key === sale.key ? acted : { ...acted, active: firstType }
  if (after.showtimeId !== null || show === null || after.stage !== 'choose') return after
  const isTouched = Object.values(after.counts).some((count) => count > 0) || after.seats !== null
  return isTouched || done.type === 'enter' ? { ...after, showtimeId: show } : after
}

/** The whole state of a till, and everything that can be done at it. */
export function useTill(theatre: Theatre, shiftId: string | null) {
  const { locale } = useWords()
  const shows = useQuery(showsQuery(theatre.id))
  const ticketTypes = useQuery({
    queryKey: ['ticket-types', theatre.id],
    staleTime: 60_000,
    queryFn: ({ signal }) => call('listTicketTypes', { params: { id: theatre.id }, signal }),
  })
  const [sale, send] = useReducer(step, null, () => keptSale(theatre.id) ?? newSale(crypto.randomUUID(), 'adult', null))
  useEffect(() => keepSale(theatre.id, sale), [theatre.id, sale])

  const now = useNow(1000)
  const list = useMemo(() => shows.data ?? [], [shows.data])
  const next = nextShow(list, now)
  const elsewhere = useShowOf(sale.showtimeId, list)
  const show = sale.showtimeId === null ? next : elsewhere
  const kinds = useMemo(
    () => (ticketTypes.data?.data ?? []).filter(({ channels }) => channels?.includes('counter') ?? true),
    [ticketTypes.data],
  )
  const types = useMemo(() => {
    const keys = kinds.map(({ key }) => key)
    return typesOf(show, keys).filter((type) => keys.includes(type))
  }, [show, kinds])

  const firstType = types[0] ?? 'adult'
  // A house without adults' prices counts what it has.
  useEffect(() => {
    if (types.length > 0 && !types.includes(sale.active)) {
      send({ act: { type: 'activate', ticketType: firstType }, show: null, firstType })
    }
  }, [types, firstType, sale.active])
  const desk = { show, currency: theatre.currency, shiftId, locale }
  const isStalled = useWork(sale, desk, send)
  useLoose(sale, send)
  useClock(sale, send)
  return {
    sale,
    shows: list,
    show,
    types,
    kinds,
    isStalled,
    isOffline: shows.isError,
    isLoading: shows.isPending || ticketTypes.isPending,
    error: shows.data ? null : shows.error,
    retry: () => void shows.refetch(),
    act: (done: Act) => send({ act: done, show: next?.id ?? null, firstType }),
    /** The booking at hand was changed elsewhere. */
    hearBooking: (booking: Booking) => send({ outcome: { type: 'read', booking } }),
  }
}

export type Till = ReturnType<typeof useTill>

/** A showtime of the list, or one that only a booking that was looked up names. */
function useShowOf(id: string | null, list: readonly Listed[]): Listed | null {
  const known = list.find((show) => show.id === id) ?? null
  const other = useQuery({
    queryKey: ['showtime', id],
    enabled: id !== null && known === null,
    queryFn: async ({ signal }): Promise<Listed | null> => {
      const query = { expand: 'movie,theatre,auditorium' }
      const found = await call('getShowtime', { params: { id: id ?? '' }, query, signal })
      return found.movie && found.theatre ? { ...found, movie: found.movie, theatre: found.theatre } : null
    },
  })
  return known ?? other.data ?? null
}

/** Does the work of a sale, also what a reload interrupted: under the same key it is done once. */
function useWork(sale: Sale, desk: Desk, send: Send): boolean {
  const queries = useQueryClient()
  const [isStalled, setStalled] = useState(false)
  // One run for each intention: the sale as it is when it begins says all.
  const current = useRef({ sale, desk })
  useEffect(() => {
    current.current = { sale, desk }
  })
  const { work } = sale
  const isReady = work?.kind !== 'hold' || desk.show !== null
  useEffect(() => {
    if (!work || !isReady) return undefined
    const leaving = new AbortController()
    const doIt = async () => {
      const { sale: asked, desk: at } = current.current
      const outcome = await perform(asked, work, at, leaving.signal, setStalled)
      setStalled(false)
      send({ outcome })
      // To whoever is signed out, what was theirs is not there: they are asked to sign in, and the sale waits.
      const isStrange = outcome.type === 'failed' && signedOut.has(outcome.problem.code)
      if (isStrange) void queries.invalidateQueries({ queryKey: meQuery.queryKey })
      void queries.invalidateQueries({ queryKey: ['counter', 'shows'] })
    }
    doIt().catch(() => setStalled(false))
    return () => leaving.abort()
  }, [work, isReady, queries, send])
  return isStalled && work !== null
}

/** Gives back what sales have let go of, one after the other. */
function useLoose({ loose }: Sale, send: Send): void {
  const queries = useQueryClient()
  const first = loose[0]
  useEffect(() => {
    if (!first) return undefined
    const leaving = new AbortController()
    const giveBack = async () => {
      await letLoose(first, leaving.signal)
      send({ outcome: { type: 'freed', loose: first } })
      void queries.invalidateQueries({ queryKey: ['counter'] })
    }
    giveBack().catch(() => {})
    return () => leaving.abort()
  }, [first, queries, send])
}

const extendBeforeMs = 60_000
const lookAgainMs = 5000

/** Keeps the seats while somebody stands at the till, and hears when their time is over: by the house's clock, not ours. */
function useClock(sale: Sale, send: Send): void {
  const { hold, booking } = sale
  const until = isWaiting(sale) ? (booking ?? hold)?.expiresAt : null
  useEffect(() => {
    if (until === null || until === undefined) return undefined
    const tell = (outcome: Outcome) => send({ outcome })
    const mayExtend = booking === null && hold !== null && hold.extensionsLeft > 0
    const look = async () => {
      try {
        if (booking) {
          const read = await call('readBooking', { params: { id: booking.id } })
          tell(read.status === 'expired' ? { type: 'expired' } : { type: 'read', booking: read })
        } else if (hold && mayExtend) {
          const options = { params: { id: hold.id }, accessToken: hold.token }
          tell({ type: 'extended', hold: await call('extendHold', options) })
        } else if (hold) {
          await call('readHold', { params: { id: hold.id }, accessToken: hold.token })
        }
      } catch (error) {
        if (isRefused(error, 'hold_expired', 'not_found')) tell({ type: 'expired' })
      }
    }
    const first = setTimeout(() => void look(), Date.parse(until) - Date.now() - (mayExtend ? extendBeforeMs : 0))
    const again = setInterval(() => {
      if (Date.parse(until) <= Date.now()) void look()
    }, lookAgainMs)
    return () => {
      clearTimeout(first)
      clearInterval(again)
    }
  }, [until, hold, booking, send])
}

function isWaiting({ stage, booking }: Sale): boolean {
  return stage !== 'choose' && stage !== 'done' && stage !== 'reserved' && booking?.status !== 'confirmed'
}
