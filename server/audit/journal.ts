/** One answer that a client was given, as the client wrote it down. */
export interface Acknowledged {
  readonly line: number
  readonly table: 'holds' | 'bookings' | 'payments' | 'refunds' | 'tickets'
  readonly id: string
  /** Whether it was acknowledged as a confirmed booking. */
  readonly confirmed: boolean
}

/** What the first word of a line means: which table keeps the thing, and in what state it was acknowledged. */
const kinds: Readonly<Record<string, Pick<Acknowledged, 'table' | 'confirmed'>>> = {
  hold: { table: 'holds', confirmed: false },
  booking: { table: 'bookings', confirmed: false },
  confirmed: { table: 'bookings', confirmed: true },
  payment: { table: 'payments', confirmed: false },
  refund: { table: 'refunds', confirmed: false },
  ticket: { table: 'tickets', confirmed: false },
}

/**
 * Reads a journal of acknowledged answers: `kind id key`, one a line, the key being the `Idempotency-Key` if there was one.
 * Kinds: hold, booking, confirmed (a booking that was answered as confirmed), payment, refund, ticket. A last line that
 * was cut short by a crash of whoever wrote it counts for nothing. Answers the first line that cannot be read instead.
 */
export function parseJournal(text: string): readonly Acknowledged[] | { readonly unreadable: number } {
  const entries: Acknowledged[] = []
  const lines = text.split('\n')
  // Behind the last newline is nothing, or what was being written when the writer died.
  for (const [index, content] of lines.slice(0, -1).entries()) {
    if (content.trim() === '') continue
    const [kind = '', id = ''] = content.trim().split(/\s+/)
    const meaning = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
    if (!meaning || id === '') return { unreadable: index + 1 }
    entries.push({ line: index + 1, id, ...meaning })
  }
  return entries
}
