import { signedS3Headers } from './s3-signature.ts'
import type { S3Keys } from './s3-signature.ts'
import type { Clock } from './clock.ts'
import { StorageUnavailable } from './storage.ts'
import type { Storage } from './storage.ts'

/** Where a bucket is, and who we are there. */
export interface S3Place {
  readonly keys: S3Keys
  /** `https://s3.example.com/bucket` or with a prefix behind it; no slash at the end. */
  readonly base: string
}

/** A store that does not answer for so long is not there, milliseconds. */
const patienceMs = 10_000

/**
 * Reads `s3://KEY:SECRET@host/bucket/prefix?region=eu-west-1` (or `https://…`, or `http://…` for one in the same network).
 * Without a region it is `us-east-1`, which most stores that are not Amazon's take. Null when something is missing.
 */
export function parseS3Url(text: string): S3Place | null {
  const url = new URL(text)
  const [bucket] = url.pathname.split('/').filter(Boolean)
  if (url.username === '' || url.password === '' || url.host === '' || bucket === undefined) return null
  const protocol = url.protocol === 'http:' ? 'http:' : 'https:'
  const keys = {
    accessKey: decodeURIComponent(url.username),
    secretKey: decodeURIComponent(url.password),
    region: url.searchParams.get('region') ?? 'us-east-1',
  }
  return { keys, base: `${protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}` }
}

/** Keeps files in a bucket of an S3-compatible store, addressed by path. Throws `StorageUnavailable`. */
export function createS3Storage({ base, keys }: S3Place, clock: Clock): Storage {
  async function send(method: 'GET' | 'PUT' | 'DELETE', name: string, body: Uint8Array): Promise<Response> {
    const url = new URL(`${base}/${name}`)
    const headers = signedS3Headers(keys, { method, url, headers: {}, body, nowMs: clock.now() })
    const sent = method === 'PUT' && { body: new Uint8Array(body) }
    try {
      return await fetch(url, { method, headers, redirect: 'error', signal: AbortSignal.timeout(patienceMs), ...sent })
    } catch (error) {
      throw new StorageUnavailable('The store does not answer', { cause: error })
    }
  }
  return {
    async put(name, bytes) {
      const answer = await send('PUT', name, bytes)
      await answer.body?.cancel()
      if (!answer.ok) throw new StorageUnavailable(`The store answered ${answer.status} to PUT ${name}`)
    },
    async get(name) {
      const answer = await send('GET', name, new Uint8Array())
      if (answer.status === 404) {
        await answer.body?.cancel()
        return null
      }
      if (!answer.ok) throw new StorageUnavailable(`The store answered ${answer.status} to GET ${name}`)
      return Buffer.from(await answer.arrayBuffer())
    },
    async remove(name) {
      const answer = await send('DELETE', name, new Uint8Array())
      await answer.body?.cancel()
      if (!answer.ok && answer.status !== 404) {
        throw new StorageUnavailable(`The store answered ${answer.status} to DELETE ${name}`)
      }
    },
  }
}
