import type { BookingStory } from '../../../contract/administration.ts'

/** What happened to a booking, in words that the page knows. */
export interface StoryEvent {
  readonly key: string
  readonly at: string
  readonly kind:
    | 'held'
    | 'booked'
    | 'confirmed'
    | 'cancelled'
    | 'paid'
    | 'payment_failed'
    | 'payment_begun'
    | 'refunded'
    | 'mailed'
    | 'mail_waits'
    | 'admitted'
    | 'turned_away'
    | 'undone'
  /** Seats, an amount's payment, a mail's kind, a scan's outcome. */
  readonly detail: string
  /** Minor units, where it is about money. */
  readonly amount: number | null
  readonly tone: 'plain' | 'money' | 'bad'
}

const failed: ReadonlySet<string> = new Set(['failed', 'expired', 'voided'])

/** Everything that happened to a booking, oldest first; what is written down under several heads is told once. */
export function storyLine(story: BookingStory): StoryEvent[] {
  return [...own(story), ...holds(story), ...money(story), ...mails(story), ...scans(story)].sort(
    (one, other) => one.at.localeCompare(other.at) || order(one) - order(other),
  )
}

/** At the same moment things come in the order in which they follow from one another. */
function order({ kind }: StoryEvent): number {
  return ['held', 'booked', 'payment_begun', 'paid', 'confirmed', 'mailed', 'refunded', 'cancelled'].indexOf(kind)
}

const plain = { detail: '', amount: null, tone: 'plain' } as const

function own({ id, createdAt, confirmedAt, cancelledAt, cancelReason, channel }: BookingStory): StoryEvent[] {
  return [
    { ...plain, key: `${id} booked`, at: createdAt, kind: 'booked', detail: channel },
    ...(confirmedAt === null
      ? []
      : [{ ...plain, key: `${id} confirmed`, at: confirmedAt, kind: 'confirmed' as const }]),
    ...(cancelledAt === null
      ? []
      : [
          {
            ...plain,
            key: `${id} cancelled`,
            at: cancelledAt,
            kind: 'cancelled' as const,
            detail: cancelReason ?? '',
            tone: 'bad' as const,
          },
        ]),
  ]
}

function holds(story: BookingStory): StoryEvent[] {
  return story.holds.map(({ id, createdAt, seats, count }) => ({
    ...plain,
    key: id,
    at: createdAt,
    kind: 'held',
    detail: seats.length > 0 ? seats.join(', ') : String(count),
  }))
}

function money({ payments }: BookingStory): StoryEvent[] {
  return payments.flatMap((payment) => {
    const { id, createdAt, amount, status, refunds, provider, tender } = payment
    const kind = failed.has(status) ? 'payment_failed' : status === 'pending' ? 'payment_begun' : 'paid'
    const tone = kind === 'paid' ? 'money' : kind === 'payment_failed' ? 'bad' : 'plain'
    const taken: StoryEvent = { key: id, at: createdAt, kind, detail: tender ?? provider, amount: amount.amount, tone }
    const given = refunds.map((refund): StoryEvent => ({
      key: refund.id,
      at: refund.createdAt,
      kind: 'refunded',
      detail: refund.reason ?? '',
      amount: refund.amount.amount,
      tone: 'money',
    }))
    return [taken, ...given]
  })
}

/** Captures and refunds are told with their payments. */
function mails(story: BookingStory): StoryEvent[] {
  return story.mails
    .filter(({ kind }) => kind.startsWith('booking.'))
    .map(({ id, kind, createdAt, doneAt, lastError }) => ({
      ...plain,
      key: id,
      at: doneAt ?? createdAt,
      kind: doneAt === null ? 'mail_waits' : 'mailed',
      detail: doneAt === null ? (lastError ?? kind) : kind,
      tone: doneAt === null && lastError !== null ? 'bad' : 'plain',
    }))
}

function scans(story: BookingStory): StoryEvent[] {
  const seatOf = new Map(story.tickets.map(({ id, seat }) => [id, seat ?? '']))
  return story.scans.flatMap(({ id, ticketId, outcome, at, undoneAt }) => {
    const seat = seatOf.get(ticketId) ?? ''
    const isIn = outcome === 'admitted'
    const scan: StoryEvent = {
      ...plain,
      key: id,
      at,
      kind: isIn ? 'admitted' : 'turned_away',
      detail: isIn ? seat : [seat, outcome].filter(Boolean).join(', '),
      tone: isIn ? 'plain' : 'bad',
    }
    const undone: StoryEvent[] =
      undoneAt === null ? [] : [{ ...plain, key: `${id} undone`, at: undoneAt, kind: 'undone', detail: seat }]
    return [scan, ...undone]
  })
}
