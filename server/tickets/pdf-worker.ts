import { parentPort } from 'node:worker_threads'
import { writeReceipt } from './pdf-receipt.ts'
import { writeTickets } from './pdf-tickets.ts'
import type { Printed, PrintRequest } from './print-pdf.ts'

/** Runs beside the server: laying out fonts and codes would hold up its event loop. */
parentPort?.on('message', (request: PrintRequest) => {
  try {
    const { order } = request
    const page = order.kind === 'receipt' ? writeReceipt(order.document) : writeTickets(order.document, order.size)
    const chunks: Buffer[] = []
    page.on('data', (chunk: Buffer) => chunks.push(chunk))
    page.on('end', () => answer({ number: request.number, bytes: new Uint8Array(Buffer.concat(chunks)) }))
  } catch (error) {
    answer({ number: request.number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})

function answer(printed: Printed): void {
  parentPort?.postMessage(printed, 'bytes' in printed ? [printed.bytes.buffer] : [])
}
