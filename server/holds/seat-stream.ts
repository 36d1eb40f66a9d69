import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Batch } from './seat-news.ts'

/** A reader whose unsent bytes pass this gets nothing more until it has caught up, and then everything anew. */
const bufferedBytes = 64 * 1024
const stillHere = Buffer.from(': still here\n\n')

/** One reader. The response's head is sent; what follows is written to its socket as it is, without chunks. */
export class SeatStream {
  readonly #response: ServerResponse
  readonly #socket: Socket | null
  /** The last version it has been told. */
  version = 0
  /** Whether it has been told everything so far and hears what comes; else it is being brought up, or lags behind. */
  isLive = false
  /** It is being brought up at this moment. */
  isBusy = false
  #quiet = true

  constructor(response: ServerResponse) {
    this.#response = response
    response.flushHeaders()
    this.#socket = response.socket
  }

  get isOpen(): boolean {
    return this.#socket !== null && this.#socket.writable && !this.#response.writableEnded
  }

  /** `act` runs when it can take more after it lagged. */
  onDrain(act: () => void): void {
    this.#socket?.on('drain', act)
  }

  onClose(act: () => void): void {
    this.#response.on('close', act)
  }

  /** Sends what it does not know yet; one that reads too slowly lags from here on. */
  hear(batch: Batch): void {
    // One that is not so far yet is being brought up, to beyond this.
    if (!this.isLive || this.version < batch.from || this.version >= batch.to || !this.isOpen) return
    if ((this.#socket?.writableLength ?? 0) > bufferedBytes) {
      this.isLive = false
      return
    }
    this.#write(batch.after(this.version))
    this.version = batch.to
  }

  /** Sends everything anew. */
  snapshot(version: number, event: string): void {
    this.version = version
    this.#write(event)
  }

  /** Says that it is still there, where nothing else has said so since the last time. */
  beat(): void {
    if (this.#quiet && this.isOpen && !this.#socket?.writableNeedDrain) this.#socket?.write(stillHere)
    this.#quiet = true
  }

  end(): void {
    this.#response.end()
  }

  #write(bytes: Buffer | string): void {
    if (!this.isOpen) return
    this.#quiet = false
    this.#socket?.write(bytes)
  }
}
