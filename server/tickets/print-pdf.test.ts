import { generateKeyPairSync } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { isRefusal } from '../platform/refusal.ts'
import { makeTicketCode, ticketSigningKeyOf } from './code.ts'
import type { ReceiptDocument, TicketsDocument } from './model.ts'
import { faceFor } from './pdf-fonts.ts'
import { createPdfPress } from './print-pdf.ts'
import type { PdfOrder } from './print-pdf.ts'

const key = ticketSigningKeyOf(generateKeyPairSync('ed25519').privateKey)
const press = createPdfPress()
afterAll(() => press.close())

const outing = {
  bookingId: 'bkg_1',
  reference: 'K7QF3M',
  locale: 'en',
  theatre: { name: 'Rio', address: ['London'], timeZone: 'Europe/London', latitude: null, longitude: null },
  movieTitle: 'Metropolis',
  facts: ['2D', '12A'],
  auditoriumName: 'Screen 2',
  startsAtMs: Date.UTC(2026, 11, 25, 19, 30),
  endsAtMs: Date.UTC(2026, 11, 25, 21, 45),
  businessDate: '2026-12-25',
  madeAtMs: Date.UTC(2026, 10, 21),
} as const

function tickets(count: number, more: Partial<TicketsDocument> = {}): TicketsDocument {
  return {
    ...outing,
    tickets: Array.from({ length: count }, (_, at) => ({
      id: `tkt_${at}`,
      code: makeTicketCode(key, { id: `tkt_${at}`, showtimeId: 'sho_1', codeRevision: 1 }),
      row: 'F',
      number: String(at + 1),
      ticketTypeName: 'Adult',
      priceAmount: 1250,
      currency: 'GBP',
    })),
    ...more,
  }
}

const receipt: ReceiptDocument = {
  ...outing,
  currency: 'GBP',
  customerName: null,
  soldAtMs: 0,
  lines: [{ quantity: 2, description: 'Adult', amount: 2500 }],
  subtotal: 2500,
  discount: 0,
  fees: 0,
  taxAdded: 0,
  taxIncluded: 417,
  taxRatePercent: 20,
  total: 2500,
  paid: 2500,
  refunded: 0,
  payments: [{ atMs: 0, method: 'card', amount: 2500 }],
}

async function pagesOf(order: PdfOrder): Promise<{ width: number; height: number }[]> {
  const bytes = await press.print(order)
  if (isRefusal(bytes)) throw new Error(bytes.detail)
  expect(bytes.toString('latin1', 0, 5)).toBe('%PDF-')
  return [...bytes.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => ({
    width: Math.round((Number(width) / 72) * 25.4),
    height: Math.round((Number(height) / 72) * 25.4),
  }))
}

describe('printed tickets', () => {
  it('are one to a page on A6', async () => {
    const pages = await pagesOf({ kind: 'tickets', size: 'a6', document: tickets(3) })
    const a6 = { width: 105, height: 148 }
    expect(pages).toEqual([a6, a6, a6])
  })

  it('are four to a page on A4', async () => {
    const a4 = { width: 210, height: 297 }
    expect(await pagesOf({ kind: 'tickets', size: 'a4', document: tickets(5) })).toEqual([a4, a4])
  })

  it('are as wide as the roll and as long as they must be', async () => {
    const [short] = await pagesOf({ kind: 'tickets', size: '80mm', document: tickets(1) })
    const [long] = await pagesOf({
      kind: 'tickets',
      size: '80mm',
      document: tickets(1, { movieTitle: 'A very long title that takes more than one line to print'.repeat(3) }),
    })
    expect(short?.width).toBe(80)
    expect(long?.width).toBe(80)
    expect(long?.height).toBeGreaterThan(short?.height ?? 0)
  })

  it('have a font for every script: the house font where it reaches, pixels where it does not', () => {
    const faces = ['a', 'ß', 'Ł', 'Ж', 'Ω', 'ệ', 'शो', 'ر', 'ש'].map((letter) => faceFor(letter, 'bold').name)
    for (const face of faces) expect(face).toContain('noto-sans')
    for (const letter of ['千', '기', 'ฟ', 'მ', '😀']) expect(faceFor(letter, 'bold').name).toContain('unifontex')
  })

  it('print for titles in any script, however strange', async () => {
    for (const movieTitle of [
      '千と千尋の神隠し',
      'لورنس العرب',
      'ואלס עם באשיר',
      'ลุงบุญมีระลึกชาติ',
      '\u{10ffff}',
      '👩‍👩‍👧',
      'x'.repeat(500),
    ]) {
      expect(await pagesOf({ kind: 'tickets', size: 'a6', document: tickets(1, { movieTitle }) })).toHaveLength(1)
    }
  })
})

describe('a printed receipt', () => {
  it('goes on to further pages when it is long', async () => {
    expect(await pagesOf({ kind: 'receipt', document: receipt })).toHaveLength(1)
    const lines = Array.from({ length: 100 }, (_, at) => ({ quantity: 1, description: `Seat ${at}`, amount: 1 }))
    expect((await pagesOf({ kind: 'receipt', document: { ...receipt, lines } })).length).toBeGreaterThan(2)
  })
})

describe('the press', () => {
  it('says no when too many wait, and goes on with those it took', async () => {
    const orders = Array.from({ length: 110 }, () => press.print({ kind: 'receipt', document: receipt }))
    const answers = await Promise.all(orders)
    expect(answers.filter((answer) => isRefusal(answer) && answer.code === 'busy')).toHaveLength(10)
    expect(answers.filter((answer) => Buffer.isBuffer(answer))).toHaveLength(100)
  })

  it('fails one order alone when it cannot be drawn', async () => {
    const broken = press.print({ kind: 'receipt', document: { ...receipt, currency: 'not a currency' } })
    const sound = press.print({ kind: 'receipt', document: receipt })
    await expect(broken).rejects.toThrow('could not be printed')
    expect(Buffer.isBuffer(await sound)).toBe(true)
  })

  it('leaves nobody waiting when it closes', async () => {
    const closing = createPdfPress()
    const order = closing.print({ kind: 'receipt', document: receipt })
    await Promise.all([closing.close(), expect(order).rejects.toThrow('closed')])
  })
})
