import PdfDocument from 'pdfkit'
import type { ReceiptDocument } from './model.ts'
import { drawLine, wrap } from './pdf-text.ts'
import type { Page } from './pdf-text.ts'
import { hallName, longStart, moneyText, percentText, shortTime, ticketWords } from './words.ts'

/** A4, in points. */
const paper = { width: 595.28, height: 841.89, margin: 56 }
const left = paper.margin
const right = paper.width - paper.margin
const lowest = paper.height - paper.margin - 20
const grey = '#555555'
const lineHeight = 17

/** Where the next line goes; a full page gives way to a new one. */
interface Cursor {
  y: number
}

/** Writes a receipt (A4, as many pages as it takes) into a PDF document and ends it. */
export function writeReceipt(document: ReceiptDocument): Page {
  const words = ticketWords(document.locale)
  const page = new PdfDocument({
    size: [paper.width, paper.height],
    margin: 0,
    lang: document.locale,
    displayTitle: true,
    info: {
      Title: `${words.receipt} ${document.reference}`,
      Author: document.theatre.name,
      CreationDate: new Date(document.madeAtMs),
    },
  })
  const cursor = { y: drawHead(page, document) }
  for (const line of document.lines) {
    const label = line.quantity === 1 ? line.description : `${line.quantity} × ${line.description}`
    drawRow(page, cursor, label, money(document, line.amount))
  }
  drawSums(page, cursor, document)
  drawPayments(page, cursor, document)
  page.end()
  return page
}

function drawHead(page: Page, document: ReceiptDocument): number {
  const words = ticketWords(document.locale)
  const { theatre, locale } = document
  let y = paper.margin + 18
  for (const line of wrap(page, theatre.name, { weight: 'bold', size: 18 }, right - left, 2)) {
    drawLine(page, line, left, y, { weight: 'bold', size: 18 })
    y += 20
  }
  for (const line of theatre.address) {
    drawLine(page, line, left, y, { weight: 'regular', size: 9, color: grey })
    y += 13
  }
  y += 34
  drawLine(page, words.receipt, left, y, { weight: 'bold', size: 22 })
  const facts: [string, string][] = [
    [words.booking, document.reference],
    [words.soldAt, shortTime(document.soldAtMs, theatre.timeZone, locale)],
    ...(document.customerName === null ? [] : [[words.customer, document.customerName] satisfies [string, string]]),
  ]
  for (const [label, value] of facts) {
    y += lineHeight
    drawLine(page, label, left, y + 6, { weight: 'regular', size: 9, color: grey })
    drawLine(page, wrap(page, value, { weight: 'regular', size: 10 }, 330, 1)[0] ?? '', left + 110, y + 6, {
      weight: 'regular',
      size: 10,
    })
  }
  y += 40
  for (const line of wrap(page, document.movieTitle, { weight: 'bold', size: 12 }, right - left, 2)) {
    drawLine(page, line, left, y, { weight: 'bold', size: 12 })
    y += 16
  }
  const when = `${longStart(document.startsAtMs, theatre.timeZone, locale)} · ${hallName(document.auditoriumName, locale)}`
  drawLine(page, wrap(page, when, { weight: 'regular', size: 10 }, right - left, 1)[0] ?? '', left, y, {
    weight: 'regular',
    size: 10,
  })
  drawRule(page, y + 12)
  return y + 12
}

function drawSums(page: Page, cursor: Cursor, document: ReceiptDocument): void {
  const words = ticketWords(document.locale)
  const rate = document.taxRatePercent > 0 ? percentText(document.taxRatePercent, document.locale) : ''
  cursor.y += 8
  drawRule(page, cursor.y)
  const extras: [string, number][] = [
    [words.discount, -document.discount],
    [words.fees, document.fees],
    [words.taxAdded(rate).trim(), document.taxAdded],
  ]
  const charged = extras.filter(([, amount]) => amount !== 0)
  if (charged.length > 0) drawRow(page, cursor, words.subtotal, money(document, document.subtotal))
  for (const [label, amount] of charged) drawRow(page, cursor, label, money(document, amount))
  drawRow(page, cursor, words.total, money(document, document.total), 'bold')
  if (document.taxIncluded > 0) {
    drawRow(page, cursor, words.taxIncluded(rate).trim(), money(document, document.taxIncluded), 'grey')
  }
}

function drawPayments(page: Page, cursor: Cursor, document: ReceiptDocument): void {
  const words = ticketWords(document.locale)
  if (document.payments.length > 0) {
    makeRoom(page, cursor, 3 * lineHeight)
    cursor.y += 26
    drawLine(page, words.payments, left, cursor.y, { weight: 'bold', size: 12 })
    cursor.y += 8
    drawRule(page, cursor.y)
  }
  for (const payment of document.payments) {
    const method =
      payment.method === 'refund' ? words.refund : (words.methods[payment.method] ?? capitalised(payment.method))
    const when = shortTime(payment.atMs, document.theatre.timeZone, document.locale)
    drawRow(page, cursor, `${method} · ${when}`, money(document, payment.amount))
  }
  const open = document.total - document.paid
  if (open > 0) drawRow(page, cursor, words.open, money(document, open), 'bold')
  if (document.refunded > 0) drawRow(page, cursor, words.refunded, money(document, document.refunded), 'bold')
}

function drawRow(
  page: Page,
  cursor: Cursor,
  label: string,
  amount: string,
  kind: 'plain' | 'bold' | 'grey' = 'plain',
): void {
  const style = {
    weight: kind === 'bold' ? 'bold' : 'regular',
    size: kind === 'bold' ? 12 : 10,
    ...(kind === 'grey' && { color: grey }),
  } as const
  const lines = wrap(page, label, style, right - left - 110, 3)
  makeRoom(page, cursor, lines.length * lineHeight)
  for (const [at, line] of lines.entries()) {
    cursor.y += at === 0 ? lineHeight + 1 : lineHeight - 3
    drawLine(page, line, left, cursor.y, style)
    if (at === 0) drawLine(page, amount, right, cursor.y, style, 'right')
  }
}

function makeRoom(page: Page, cursor: Cursor, height: number): void {
  if (cursor.y + height <= lowest) return
  page.addPage({ size: [paper.width, paper.height], margin: 0 })
  cursor.y = paper.margin
}

function drawRule(page: Page, y: number): void {
  page.lineWidth(0.75).strokeColor('#000000').moveTo(left, y).lineTo(right, y).stroke()
}

function money(document: ReceiptDocument, amount: number): string {
  return moneyText(amount, document.currency, document.locale)
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
