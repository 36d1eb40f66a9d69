import QRCode from 'qrcode'
import { escapeMarkup } from '../platform/escape-markup.ts'

/** Light modules around a code, as ISO/IEC 18004 asks. */
const quietModules = 4
const pixelsPerModule = 5

/** The dark runs of a code: each is `width` modules at column `x` of row `y`, the quiet zone counted. */
export interface QrPicture {
  /** Modules along one side, the quiet zone counted. */
  readonly size: number
  readonly runs: readonly { readonly x: number; readonly y: number; readonly width: number }[]
}

/** Draws a text as a QR code at error level M (15 % may be dirt). Upper-case base32 takes its small alphanumeric mode. */
export function drawQr(text: string): QrPicture {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
  const runs: { x: number; y: number; width: number }[] = []
  for (let row = 0; row < modules.size; row += 1) {
    let from = -1
    for (let column = 0; column <= modules.size; column += 1) {
      const dark = column < modules.size && modules.get(row, column) !== 0
      if (dark && from < 0) from = column
      if (dark || from < 0) continue
      runs.push({ x: from + quietModules, y: row + quietModules, width: column - from })
      from = -1
    }
  }
  return { size: modules.size + 2 * quietModules, runs }
}

/** The code as a picture that scales: black on white (whatever the page's colours are), with its quiet zone. */
export function qrSvg(text: string, title: string): string {
  const { size, runs } = drawQr(text)
  const path = runs.map(({ x, y, width }) => `M${x} ${y}h${width}v1h-${width}z`).join('')
  const pixels = size * pixelsPerModule
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${pixels}" height="${pixels}" ` +
    `shape-rendering="crispEdges" role="img"><title>${escapeMarkup(title)}</title>` +
    `<path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`
  )
}
