import { parseTicketCode } from '../../contract/ticket-code.ts'

/** One ticket on its way to a friend: enough to show it, and nothing that opens the booking. */
export interface SharedTicket {
  readonly showtimeId: string
  readonly seat: string | null
  readonly ticketType: string
  readonly code: string
}

/** The ticket lies behind the `#`: no server and no log ever sees it. */
export function sharedAddress({ showtimeId, seat, ticketType, code }: SharedTicket): string {
  return `/ticket#${[showtimeId, seat ?? '', ticketType, code].map(encodeURIComponent).join('/')}`
}

/** Null where the address holds no ticket, or only a part of one. */
export function readShared(hash: string): SharedTicket | null {
  const parts = hash.replace(/^#/, '').split('/').map(decoded)
  const [showtimeId, seat, ticketType, code] = parts
  if (parts.length !== 4 || !showtimeId || !ticketType || !code || !parseTicketCode(code)) return null
  return { showtimeId, seat: seat || null, ticketType, code }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

/** Hands something to another app of the phone; where there is no such thing, the link is copied. False: neither can be. */
export async function share(content: { readonly title: string; readonly text: string; readonly url: string }) {
  if ('share' in navigator) {
    try {
      await navigator.share(content)
      return 'shared'
    } catch (error) {
      // Closing the sheet is an answer, too.
      if (error instanceof DOMException && error.name === 'AbortError') return 'shared'
    }
  }
  if (!('clipboard' in navigator)) return null
  await navigator.clipboard.writeText(`${content.text}\n${content.url}`)
  return 'copied'
}
