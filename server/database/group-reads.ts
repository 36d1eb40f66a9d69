interface Waiting<Value> {
  resolve(value: Value | undefined): void
  reject(error: unknown): void
}

/**
 * Reads by key that share a statement: whoever asks in the same turn of the event loop is answered by one `load` of all
 * their keys, begun after the last of them asked. So an answer is never older than its question.
 */
export function groupReads<Value>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | undefined> {
  let waiting = new Map<string, Waiting<Value>[]>()

  async function loadAll(): Promise<void> {
    const asked = waiting
    waiting = new Map()
    try {
      const found = await load([...asked.keys()])
      for (const [key, askers] of asked) for (const { resolve } of askers) resolve(found.get(key))
    } catch (error) {
      for (const askers of asked.values()) for (const { reject } of askers) reject(error)
    }
  }

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setImmediate(() => void loadAll())
      waiting.getOrInsertComputed(key, () => []).push({ resolve, reject })
    })
}
