import { Type } from 'typebox'
import { closed, operation } from './operation.ts'
import { Id, IdParams } from './common.ts'

/** A guest's key to one booking; a link carries it in the query, everything else in `X-Access-Token`. */
const linkQuery = { accessToken: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) }

export const pdfSizes = ['a4', 'a6', '80mm'] as const

export const getTicketQr = operation({
  id: 'getTicketQr',
  method: 'GET',
  path: '/tickets/{id}/qr.svg',
  tag: 'Tickets',
  summary: "A ticket's code as a QR picture (SVG)",
  access: 'anyone',
  params: IdParams,
  query: closed(linkQuery),
  answer: { status: 200, schema: null, mediaTypes: ['image/svg+xml'] },
})

export const downloadTickets = operation({
  id: 'downloadTickets',
  method: 'GET',
  path: '/bookings/{id}/tickets.pdf',
  tag: 'Tickets',
  summary:
    'The tickets of a confirmed booking, for print: A4 with four on a page, A6 or an 80 mm roll with one on each',
  access: 'anyone',
  params: IdParams,
  query: closed({ ...linkQuery, size: Type.Optional(Type.Enum([...pdfSizes], { default: 'a4' })) }),
  answer: { status: 200, schema: null, mediaTypes: ['application/pdf'] },
  refusals: ['booking_not_confirmed', 'booking_cancelled'],
})

export const downloadReceipt = operation({
  id: 'downloadReceipt',
  method: 'GET',
  path: '/bookings/{id}/receipt.pdf',
  tag: 'Tickets',
  summary: 'What was bought, the tax in it, and how it was paid',
  access: 'anyone',
  params: IdParams,
  query: closed(linkQuery),
  answer: { status: 200, schema: null, mediaTypes: ['application/pdf'] },
  refusals: ['booking_not_confirmed', 'booking_cancelled'],
})

export const downloadCalendar = operation({
  id: 'downloadCalendar',
  method: 'GET',
  path: '/bookings/{id}/calendar.ics',
  tag: 'Tickets',
  summary: 'The showtime as a calendar entry (RFC 5545)',
  access: 'anyone',
  params: IdParams,
  query: closed(linkQuery),
  answer: { status: 200, schema: null, mediaTypes: ['text/calendar'] },
  refusals: ['booking_not_confirmed', 'booking_cancelled'],
})

export const downloadWalletPass = operation({
  id: 'downloadWalletPass',
  method: 'GET',
  path: '/bookings/{id}/wallet.pkpass',
  tag: 'Tickets',
  summary: 'The tickets for Apple Wallet, where the house has configured its certificates (404 otherwise)',
  access: 'anyone',
  params: IdParams,
  query: closed(linkQuery),
  answer: { status: 200, schema: null, mediaTypes: ['application/vnd.apple.pkpasses', 'application/vnd.apple.pkpass'] },
  refusals: ['booking_not_confirmed', 'booking_cancelled'],
})

export const Wallets = closed({
  apple: Type.Union([Type.String(), Type.Null()], {
    description: 'Path of the passes for Apple Wallet; null where the house gives out none',
  }),
  google: Type.Array(closed({ ticketId: Id, url: Type.String() }), {
    description: 'Where each ticket is saved to Google Wallet; empty where the house gives out none',
  }),
})

export const listWallets = operation({
  id: 'listWallets',
  method: 'GET',
  path: '/bookings/{id}/wallets',
  tag: 'Tickets',
  summary: 'Where the tickets of a confirmed booking are put into the wallet of a phone',
  access: 'anyone',
  params: IdParams,
  query: closed(linkQuery),
  answer: { status: 200, schema: Wallets },
  refusals: ['booking_not_confirmed', 'booking_cancelled'],
})

export const ticketOperations = {
  getTicketQr,
  downloadTickets,
  downloadReceipt,
  downloadCalendar,
  downloadWalletPass,
  listWallets,
} as const
