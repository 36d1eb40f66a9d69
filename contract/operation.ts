import type { Static, TObject, TProperties, TSchema } from 'typebox'
import { Type } from 'typebox'
import type { RefusalCode } from './refusals.ts'

/** Every role an account can have; a guest has none. */
export const roles = ['customer', 'staff', 'owner', 'admin'] as const
export type Role = (typeof roles)[number]

/**
 * Who may call an operation at all, judged before the body is read.
 * `anyone`: guests too. `account`: any signed-in caller. A list: only those roles.
 * Whose thing it is (ownership) is a matter of each slice's `policy.ts`.
 */
export type Access = 'anyone' | 'account' | readonly Role[]

/** What a successful call answers. `schema: null` is an answer without a body. */
export interface AnswerShape {
  readonly status: 200 | 201 | 202 | 204
  readonly schema: TSchema | null
  /** Media types for answers that are not JSON (SVG, PDF, CSV, event streams, …). */
  readonly mediaTypes?: readonly string[]
  /** It has an `ETag`, and answers 304 to an `If-None-Match` that names it. */
  readonly tagged?: true
}

export interface OperationShape {
  /** Unique, camelCase, verb first: the name of the method in the typed client and the OpenAPI `operationId`. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with parameters in braces: `/movies/{id}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly access: Access
  readonly params?: TObject
  readonly query?: TObject
  readonly body?: TSchema
  /** Bytes; 64 KiB where silent. */
  readonly bodyLimit?: number
  /** Media types that a raw (not JSON) body may have. */
  readonly bodyMediaTypes?: readonly string[]
  /** The field that holds the body where it comes as a form. */
  readonly formField?: string
  /** The handler gets the body's text as it came: what is signed is the bytes, not what they mean. */
  readonly rawBody?: boolean
  readonly answer: AnswerShape
  /** The day (UTC) from which it is on its way out, its successor being there: see `docs/api-policy.md`. */
  readonly deprecatedAt?: string
  /** The day (UTC) from which it is not there any more, once that is known: twelve months later at least. */
  readonly sunsetAt?: string
  /** Refusals of its own, beside the ones every operation can give. */
  readonly refusals?: readonly RefusalCode[]
}

/** Declares one operation of the contract; the value is the type, so the server and the client both derive from it. */
export function operation<const Shape extends OperationShape>(shape: Shape): Shape {
  return shape
}

/** A body or answer that refuses fields it does not name. */
export function closed<Properties extends TProperties>(
  properties: Properties,
  description?: string,
): TObject<Properties> {
  return Type.Object(properties, { additionalProperties: false, ...(description && { description }) })
}

type StaticOr<Schema, Otherwise> = Schema extends TSchema ? Static<Schema> : Otherwise

/** What a caller sends: path parameters, query and body, each as the contract says. */
export interface InputOf<Shape extends OperationShape> {
  readonly params: StaticOr<Shape['params'], Record<never, never>>
  readonly query: StaticOr<Shape['query'], Record<never, never>>
  readonly body: StaticOr<Shape['body'], undefined>
}

/** What a successful call answers. */
export type AnswerOf<Shape extends OperationShape> = Shape['answer']['schema'] extends TSchema
  ? Static<Shape['answer']['schema']>
  : undefined
