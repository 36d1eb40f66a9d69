import { generateKeyPairSync } from 'node:crypto'
import QRCode from 'qrcode'
import { describe, expect, it } from 'vitest'
import { makeTicketCode, ticketSigningKeyOf } from './code.ts'
import { drawQr, qrSvg } from './qr.ts'

const key = ticketSigningKeyOf(generateKeyPairSync('ed25519').privateKey)
const code = makeTicketCode(key, {
  id: 'tkt_zzzzzzzzz000k9zq3x7d8m4n5p6w',
  showtimeId: 'sho_zzzzzzzzz000k9zq3x7d8m4n5p6x',
  codeRevision: 1,
})

describe('a ticket as a QR code', () => {
  it('has 41 modules and four light ones around: 0.4 mm each when printed 2 cm wide', () => {
    expect(drawQr(code).size).toBe(41 + 8)
    expect(QRCode.create(code, { errorCorrectionLevel: 'M' }).version).toBe(6)
  })

  it('draws exactly the dark modules, and none in the quiet zone', () => {
    const { modules } = QRCode.create(code, { errorCorrectionLevel: 'M' })
    const dark = new Set(
      drawQr(code).runs.flatMap(({ x, y, width }) => Array.from({ length: width }, (_, at) => `${x + at},${y}`)),
    )
    let expected = 0
    for (let row = 0; row < modules.size; row += 1) {
      for (let column = 0; column < modules.size; column += 1) {
        if (modules.get(row, column) === 0) continue
        expected += 1
        expect(dark.has(`${column + 4},${row + 4}`)).toBe(true)
      }
    }
    expect(dark.size).toBe(expected)
  })

  it('is an SVG with a title, black on white in any theme, and no markup of others', () => {
    const svg = qrSvg(code, 'Ticket <F12> & co')
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 49 49"/)
    expect(svg).toContain('<title>Ticket &lt;F12&gt; &amp; co</title>')
    expect(svg).toContain('fill="#fff"')
    expect(svg).not.toMatch(/style=|<script/)
  })
})
