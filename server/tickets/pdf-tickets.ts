import PdfDocument from 'pdfkit'
import type { PdfSize, PrintedTicket, TicketsDocument } from './model.ts'
import { drawLine, fit, wrap } from './pdf-text.ts'
import type { Align, Page } from './pdf-text.ts'
import { drawQr } from './qr.ts'
import { longStart, moneyText, ticketWords, weekdayOf } from './words.ts'
import { localDate } from '../platform/time.ts'

/** All in points of 1/72 inch. */
const millimetre = 72 / 25.4
const a6 = { width: 105 * millimetre, height: 148 * millimetre }
const a4 = { width: 210 * millimetre, height: 297 * millimetre }
const rollWidth = 80 * millimetre
/** Printers for 80 mm paper reach 72 mm of it. */
const rollMargin = 4 * millimetre
const grey = '#555555'

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Writes the tickets into a PDF document and ends it: A6 and roll one to a page, A4 four with lines to cut along. */
export function writeTickets(document: TicketsDocument, size: PdfSize): Page {
  const rollHeight = size === '80mm' ? measureRoll(document) : 0
  const page = new PdfDocument({
    autoFirstPage: false,
    margin: 0,
    lang: document.locale,
    displayTitle: true,
    info: {
      Title: `${document.movieTitle} · ${document.reference}`,
      Author: document.theatre.name,
      CreationDate: new Date(document.madeAtMs),
    },
  })
  for (const [index, ticket] of document.tickets.entries()) {
    if (size === 'a4') {
      const place = index % 4
      if (place === 0) addPage(page, a4)
      if (place === 0) drawCuts(page)
      const half = { width: a4.width / 2, height: a4.height / 2 }
      drawCard(
        page,
        { x: (place % 2) * half.width, y: Math.floor(place / 2) * half.height, ...half },
        document,
        index,
        ticket,
      )
    } else if (size === 'a6') {
      addPage(page, a6)
      drawCard(page, { x: 0, y: 0, ...a6 }, document, index, ticket)
    } else {
      addPage(page, { width: rollWidth, height: rollHeight })
      drawRoll(page, document, index, ticket)
    }
  }
  page.end()
  return page
}

function addPage(page: Page, { width, height }: { readonly width: number; readonly height: number }): void {
  page.addPage({ size: [width, height], margin: 0 })
}

function drawCuts(page: Page): void {
  page.lineWidth(0.5).strokeColor('#aaaaaa').dash(3, { space: 3 })
  page
    .moveTo(a4.width / 2, 0)
    .lineTo(a4.width / 2, a4.height)
    .stroke()
  page
    .moveTo(0, a4.height / 2)
    .lineTo(a4.width, a4.height / 2)
    .stroke()
  page.undash()
}

/** A ticket of A6 size: what and when above, the place in large letters, the code below. */
function drawCard(page: Page, box: Box, document: TicketsDocument, index: number, ticket: PrintedTicket): void {
  const margin = 22
  const inner = { ...box, x: box.x + margin, width: box.width - 2 * margin }
  const below = drawHead(page, inner, box.y + 34, document, index, 'left')
  const panelY = Math.max(below + 12, box.y + 176)
  const panelBottom = drawPlace(page, { ...inner, y: panelY, height: 66 }, document, ticket)

  const qrSize = 132
  const qrY = Math.min(panelBottom + 14, box.y + box.height - 36 - qrSize)
  drawCode(page, ticket.code, inner.x - 8, qrY, qrSize)
  const side = inner.x + qrSize + 6
  const sideWidth = inner.x + inner.width - side
  drawOwner(page, { x: side, y: qrY + 22, width: sideWidth, height: qrSize }, document, ticket, 'left')
  drawTerms(page, { ...inner, y: box.y + box.height - 26 }, document, 'left')
}

/** A ticket for an 80 mm roll: the same things under each other. Answers where it ends. */
function drawRoll(page: Page, document: TicketsDocument, index: number, ticket: PrintedTicket): number {
  const inner = { x: rollMargin, y: 0, width: rollWidth - 2 * rollMargin, height: 0 }
  const below = drawHead(page, inner, 24, document, index, 'center')
  const panelBottom = drawPlace(page, { ...inner, y: below + 10, height: 62 }, document, ticket)
  const qrSize = 140
  drawCode(page, ticket.code, (rollWidth - qrSize) / 2, panelBottom + 4, qrSize)
  const ownerBottom = drawOwner(page, { ...inner, y: panelBottom + qrSize + 16 }, document, ticket, 'center')
  return drawTerms(page, { ...inner, y: ownerBottom + 20 }, document, 'center') + 10
}

/** A roll is cut where the ticket ends: draws one on paper that is thrown away, and answers its height. */
function measureRoll(document: TicketsDocument): number {
  const scratch = new PdfDocument({ margin: 0 })
  return Math.max(...document.tickets.slice(0, 1).map((ticket) => drawRoll(scratch, document, 0, ticket)), rollWidth)
}

/** Theatre, film, marks and start. Answers the baseline it ended on. */
function drawHead(
  page: Page,
  box: Box,
  top: number,
  document: TicketsDocument,
  index: number,
  align: 'left' | 'center',
): number {
  const words = ticketWords(document.locale)
  const x = align === 'left' ? box.x : box.x + box.width / 2
  const counter = words.ticketOf(index + 1, document.tickets.length)
  const nameWidth = align === 'left' ? box.width - 72 : box.width
  const name = fit(page, document.theatre.name, 'bold', [11, 10, 9], nameWidth, 1)
  drawLine(page, name.lines[0] ?? '', x, top, { weight: 'bold', size: name.size }, align)
  let y = top
  if (align === 'left') {
    drawLine(page, counter, box.x + box.width, top, { weight: 'regular', size: 8, color: grey }, 'right')
  } else {
    y += 12
    drawLine(page, counter, x, y, { weight: 'regular', size: 8, color: grey }, align)
  }
  y += 8
  page
    .lineWidth(0.75)
    .strokeColor('#000000')
    .moveTo(box.x, y)
    .lineTo(box.x + box.width, y)
    .stroke()

  const title = fit(
    page,
    document.movieTitle,
    'bold',
    align === 'left' ? [22, 19, 16, 14] : [19, 17, 15, 13],
    box.width,
    3,
  )
  for (const line of title.lines) {
    y += title.size * 1.25
    drawLine(page, line, x, y, { weight: 'bold', size: title.size }, align)
  }
  if (document.facts.length > 0) {
    y += 15
    const facts = wrap(page, document.facts.join(' · '), { weight: 'regular', size: 9 }, box.width, 1)
    drawLine(page, facts[0] ?? '', x, y, { weight: 'regular', size: 9, color: grey }, align)
  }
  return drawStart(page, box, y, document, x, align)
}

function drawStart(page: Page, box: Box, above: number, document: TicketsDocument, x: number, align: Align): number {
  const { startsAtMs, theatre, locale, businessDate } = document
  const start = fit(page, longStart(startsAtMs, theatre.timeZone, locale), 'bold', [13, 12, 11, 10], box.width, 2)
  let y = above + 6
  for (const line of start.lines) {
    y += start.size * 1.3
    drawLine(page, line, x, y, { weight: 'bold', size: start.size }, align)
  }
  // People come a day late to a screening at half past midnight: say which night it is.
  if (localDate(startsAtMs, theatre.timeZone) !== businessDate) {
    y += 14
    const night = ticketWords(locale).nightOf(weekdayOf(businessDate, locale))
    drawLine(page, night, x, y, { weight: 'regular', size: 10 }, align)
  }
  return y
}

/** Screen, row and seat, large. Answers the lower edge. */
function drawPlace(page: Page, box: Box, document: TicketsDocument, ticket: PrintedTicket): number {
  const words = ticketWords(document.locale)
  page.roundedRect(box.x, box.y, box.width, box.height, 5).fill('#f0f0f0')
  const seat: readonly Cell[] =
    ticket.number === null
      ? [{ label: words.seat, value: words.freeSeating, share: 0.5 }]
      : [
          { label: words.row, value: ticket.row ?? '–', share: 0.27 },
          { label: words.seat, value: ticket.number, share: 0.27 },
        ]
  const taken = seat.reduce((sum, cell) => sum + cell.share, 0)
  let x = box.x
  for (const cell of [{ label: words.screen, value: document.auditoriumName, share: 1 - taken }, ...seat]) {
    const width = box.width * cell.share
    drawCell(page, { x: x + 10, y: box.y, width: width - 14, height: box.height }, cell)
    x += width
  }
  return box.y + box.height
}

interface Cell {
  readonly label: string
  readonly value: string
  readonly share: number
}

function drawCell(page: Page, box: Box, cell: Cell): void {
  drawLine(page, cell.label, box.x, box.y + 17, { weight: 'regular', size: 8.5, color: grey })
  const value = fit(page, cell.value, 'bold', [30, 26, 22, 18, 15, 13, 11, 9], box.width, 1)
  const two = value.size < 18 ? fit(page, cell.value, 'bold', [16, 14, 12, 10, 9], box.width, 2) : value
  const baseline = two.lines.length > 1 ? box.y + 36 : box.y + 48
  for (const [at, line] of two.lines.entries()) {
    drawLine(page, line, box.x, baseline + at * two.size * 1.2, { weight: 'bold', size: two.size })
  }
}

/** Who may come in with it, and the booking it belongs to. Answers the baseline it ended on. */
function drawOwner(
  page: Page,
  box: Box,
  document: TicketsDocument,
  ticket: PrintedTicket,
  align: 'left' | 'center',
): number {
  const words = ticketWords(document.locale)
  const x = align === 'left' ? box.x : box.x + box.width / 2
  const type = fit(page, ticket.ticketTypeName, 'bold', [13, 11, 10], box.width, align === 'left' ? 2 : 1)
  let y = box.y
  for (const line of type.lines) {
    drawLine(page, line, x, y, { weight: 'bold', size: type.size }, align)
    y += type.size * 1.25
  }
  const price = moneyText(ticket.priceAmount, ticket.currency, document.locale)
  drawLine(page, price, x, y + 1, { weight: 'regular', size: 10 }, align)
  y += align === 'left' ? 34 : 20
  drawLine(page, words.reference, x, y, { weight: 'regular', size: 8.5, color: grey }, align)
  drawLine(page, document.reference, x, y + 20, { weight: 'bold', size: 18 }, align)
  return y + 20
}

function drawCode(page: Page, code: string, x: number, y: number, size: number): void {
  const { size: modules, runs } = drawQr(code)
  const module = size / modules
  page.rect(x, y, size, size).fill('#ffffff')
  for (const run of runs) page.rect(x + run.x * module, y + run.y * module, run.width * module, module)
  page.fill('#000000')
}

/** Answers the baseline it ended on. */
function drawTerms(page: Page, box: Box, document: TicketsDocument, align: 'left' | 'center'): number {
  const x = align === 'left' ? box.x : box.x + box.width / 2
  const style = { weight: 'regular', size: 7, color: grey } as const
  const place = [document.theatre.name, ...document.theatre.address].join(', ')
  const lines = [ticketWords(document.locale).terms, place].flatMap((text) =>
    wrap(page, text, style, box.width, align === 'left' ? 1 : 2),
  )
  for (const [at, line] of lines.entries()) drawLine(page, line, x, box.y + at * 9.5, style, align)
  return box.y + (lines.length - 1) * 9.5
}
