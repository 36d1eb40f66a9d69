/** Says that something which the code relies on is not so: a bug, never a user's mistake. */
export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed'
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message)
}

/** The value, which must be there. */
export function must<Value>(value: Value | null | undefined, message: string): Value {
  if (value === null || value === undefined) throw new AssertionFailed(message)
  return value
}
