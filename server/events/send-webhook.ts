import { lookup } from 'node:dns/promises'
import { request as httpsRequest } from 'node:https'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { isIPv6 } from 'node:net'
import { isGlobalAddress, literalAddress } from './address.ts'

/** What lies outside of the house; tests bring their own. */
export interface Outside {
  /** All addresses of a name. */
  readonly resolve: (host: string) => Promise<readonly string[]>
  readonly isAllowed: (address: string) => boolean
  readonly request: (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest
}

export const internet: Outside = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isAllowed: isGlobalAddress,
  request: (options, onAnswer) => httpsRequest({ ...options, agent: false }, onAnswer),
}

/** What came of an attempt: the status of an answer, or why there was none. */
export type SendOutcome = { readonly status: number } | { readonly error: string }

const timeoutMs = 5000
const mostRead = 64 * 1024

/**
 * Posts a body, once: the name is resolved now, and all that it resolves to must be public; the connection goes to that
 * very address. Redirects are not followed, 5 s are waited, 64 KiB of the answer read.
 */
export async function sendWebhook(
  outside: Outside,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<SendOutcome> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const url = new URL(target)
    const literal = literalAddress(url)
    const addresses = literal === null ? await withSignal(outside.resolve(url.hostname), signal) : [literal]
    const [address] = addresses
    if (address === undefined) return { error: 'The name has no address' }
    if (!addresses.every((each) => outside.isAllowed(each))) return { error: 'The address is not a public one' }
    return { status: await post(outside, url, address, headers, body, signal) }
  } catch (error) {
    if (signal.aborted) return { error: 'No answer within 5 s' }
    return { error: error instanceof Error ? error.message.slice(0, 300) : 'The connection failed' }
  }
}

function post(
  outside: Outside,
  url: URL,
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const family = isIPv6(address) ? 6 : 4
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method: 'POST',
      hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port === '' ? 443 : Number(url.port),
      path: url.pathname + url.search,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal,
      // The address that was judged, not another look-up.
      lookup: (_host, { all }, answer) => (all ? answer(null, [{ address, family }]) : answer(null, address, family)),
    }
    const request = outside.request(options, (answer) => {
      let read = 0
      const done = () => resolve(answer.statusCode ?? 0)
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length
        if (read > mostRead) {
          done()
          answer.destroy()
        }
      })
      answer.on('end', done)
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** A look-up has no end of its own. */
function withSignal<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
    work.then(resolve, reject)
  })
}
