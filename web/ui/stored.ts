/** What this browser keeps between visits. A browser that keeps nothing (private mode) works too, without memory. */
export function readStored<Value>(name: string, otherwise: Value): Value {
  try {
    const text = localStorage.getItem(`matinee.${name}`)
    return text === null ? otherwise : JSON.parse(text)
  } catch {
    return otherwise
  }
}

export function writeStored(name: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`matinee.${name}`)
    else localStorage.setItem(`matinee.${name}`, JSON.stringify(value))
  } catch {
    // Full or forbidden: the page goes on without memory.
  }
}

/** The keys to a guest's holds and bookings, by id. */
export function keepToken(id: string, token: string): void {
  writeStored(`token.${id}`, token)
}

export function tokenOf(id: string): string | undefined {
  return readStored<string | undefined>(`token.${id}`, undefined)
}
