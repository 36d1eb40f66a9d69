/** One request, exactly as it is sent again when nobody knows what became of it. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
  readonly accessToken?: string
  readonly key?: string
}

/** A complete answer; null is the unknown: a broken connection, or 503 "try again with the same key". */
export interface Heard {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly replayed: boolean
}

export interface Client {
  send(request: Sent): Promise<Heard | null>
  /** Sends until somebody answers. */
  settle(request: Sent): Promise<Heard>
}

/** A client over real HTTP; `url` is where the server is at the moment. */
export function createClient(url: () => string): Client {
  async function send({ method, path, body, accessToken, key }: Sent): Promise<Heard | null> {
    try {
      const answer = await fetch(`${url()}/api/v1${path}`, {
        method,
        headers: {
          ...(body && { 'content-type': 'application/json' }),
          ...(accessToken !== undefined && { 'x-access-token': accessToken }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (answer.status === 503) return null
      const replayed = answer.headers.get('idempotency-replayed') === 'true'
      return { status: answer.status, body: text === '' ? {} : JSON.parse(text), replayed }
    } catch {
      return null
    }
  }
  return {
    send,
    async settle(request) {
      for (;;) {
        const heard = await send(request)
        if (heard) return heard
        await new Promise((resume) => setTimeout(resume, 50))
      }
    },
  }
}
