import { refusals } from '../../contract/refusals.ts'
import type { RefusalCode } from '../../contract/refusals.ts'

export interface RefusalOptions {
  /** More members of the problem document: `seats`, `suggestions`, `conflicts`, `errors`, … */
  readonly extra?: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
  /** The account that it is about, where the caller is nobody yet: for the log, never for an answer. */
  readonly about?: string | undefined
}

/**
 * A "no" that a caller can cause. It is a value: use cases return it, and the transaction it is returned from rolls back.
 * A bug throws instead.
 */
export class Refusal<Code extends RefusalCode = RefusalCode> {
  readonly code: Code
  readonly detail: string
  readonly extra: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds: number | undefined
  readonly about: string | null

  constructor(code: Code, detail: string, options: RefusalOptions) {
    this.code = code
    this.detail = detail
    this.extra = options.extra ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
    this.about = options.about ?? null
  }

  get status(): number {
    return refusals[this.code][0]
  }

  get title(): string {
    return refusals[this.code][1]
  }
}

/** Makes a refusal; `detail` is a sentence for people that holds no time and no random value. */
export function refuse<Code extends RefusalCode>(
  code: Code,
  detail?: string,
  options: RefusalOptions = {},
): Refusal<Code> {
  return new Refusal(code, detail ?? `${refusals[code][1]}.`, options)
}

/** A `validation_failed` that names one place in the body or query. */
export function refuseField(path: string, message: string): Refusal<'validation_failed'> {
  return refuseFields([{ path, message }])
}

/** A `validation_failed` that names several places; `path` is a JSON pointer such as `/seats/0`. */
export function refuseFields(
  errors: readonly { readonly path: string; readonly message: string }[],
): Refusal<'validation_failed'> {
  const first = errors[0]
  return refuse('validation_failed', first ? `${first.path || 'The body'}: ${first.message}.` : undefined, {
    extra: { errors },
  })
}

export function isRefusal(value: unknown): value is Refusal {
  return value instanceof Refusal
}
