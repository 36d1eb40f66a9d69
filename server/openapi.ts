import { Problem } from '../contract/common.ts'
import type { OperationShape } from '../contract/operation.ts'
import { refusals } from '../contract/refusals.ts'
import { readerOf } from './http/location.ts'
import { nameModels } from './openapi-models.ts'

const version = '1.0.0'

/** One OpenAPI 3.1 document of these operations, each below its base path. */
export function openApiDocument(
  groups: readonly { readonly base: string; readonly operations: readonly OperationShape[] }[],
): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const { base, operations } of groups) {
    for (const shape of operations) {
      const path = (paths[base + shape.path] ??= {})
      path[shape.method.toLowerCase()] = describeOperation(shape, readerOf(shape, operations) !== null)
    }
  }
  return nameModels({
    openapi: '3.1.0',
    info: {
      title: 'Matinee',
      version,
      description: 'The box office a cinema can own. Errors are RFC 9457 problem documents; switch on `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    externalDocs: { url: '/help', description: 'Help: for developers, owners, accountants and whoever runs it' },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        accessToken: { type: 'apiKey', in: 'header', name: 'X-Access-Token' },
      },
    },
  })
}

function describeOperation(shape: OperationShape, hasLocation: boolean): object {
  return {
    operationId: shape.id,
    tags: [shape.tag],
    summary: shape.summary,
    description: describeRefusals(shape) + describeEnd(shape),
    ...(shape.deprecatedAt !== undefined && { deprecated: true }),
    security: shape.access === 'anyone' ? [{}, { bearer: [] }, { accessToken: [] }] : [{ bearer: [] }],
    parameters: [...parametersOf(shape, 'path'), ...parametersOf(shape, 'query'), ...headersOf(shape)],
    ...(shape.body && { requestBody: { required: true, content: bodyContent(shape) } }),
    responses: {
      [shape.answer.status]: {
        ...describeAnswer(shape),
        ...(hasLocation && { headers: { Location: locationHeader } }),
      },
      ...(shape.answer.tagged && { 304: { description: 'Not changed since the `ETag` that `If-None-Match` names' } }),
      ...refusalResponses(shape),
      default: { description: 'A problem', content: { 'application/problem+json': { schema: problemReference } } },
    },
  }
}

const locationHeader = {
  description: 'The path at which what was made is read',
  schema: { type: 'string', format: 'uri-reference' },
}

const problemReference = { $ref: '#/components/schemas/Problem' }

function describeRefusals(shape: OperationShape): string {
  const access = typeof shape.access === 'string' ? shape.access : shape.access.join(', ')
  const own = (shape.refusals ?? []).map((code) => `\`${code}\` (${refusals[code][0]})`)
  return `For: ${access}.${own.length > 0 ? ` Refusals: ${own.join(', ')}.` : ''}`
}

function describeEnd({ deprecatedAt, sunsetAt }: OperationShape): string {
  if (deprecatedAt === undefined) return ''
  return ` Deprecated since ${deprecatedAt}${sunsetAt === undefined ? '' : `, gone from ${sunsetAt} on`}.`
}

function refusalResponses(shape: OperationShape): Record<string, object> {
  const statuses = new Map<number, string[]>()
  for (const code of shape.refusals ?? []) {
    const [status, title] = refusals[code]
    statuses.set(status, [...(statuses.get(status) ?? []), `\`${code}\`: ${title}`])
  }
  return Object.fromEntries(
    [...statuses].map(([status, titles]) => [
      String(status),
      { description: titles.join('; '), content: { 'application/problem+json': { schema: problemReference } } },
    ]),
  )
}

function parametersOf(shape: OperationShape, place: 'path' | 'query'): object[] {
  const schema = place === 'path' ? shape.params : shape.query
  if (!schema) return []
  const required = new Set<string>(Array.isArray(schema.required) ? schema.required.map(String) : [])
  return Object.entries(schema.properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: property,
  }))
}

function headersOf(shape: OperationShape): object[] {
  const headers: object[] = []
  if (shape.method === 'POST' && !shape.path.startsWith('/auth/')) headers.push(headerOf('Idempotency-Key', 255))
  if (shape.refusals?.includes('admission_required')) headers.push(headerOf('X-Admission', 100))
  if (shape.refusals?.includes('pow_required')) headers.push(headerOf('X-Proof-Of-Work', 100))
  return headers
}

function headerOf(name: string, maxLength: number): object {
  return { name, in: 'header', required: false, schema: { type: 'string', minLength: 1, maxLength } }
}

function bodyContent(shape: OperationShape): object {
  if (shape.bodyMediaTypes) {
    return Object.fromEntries(shape.bodyMediaTypes.map((type) => [type, { schema: rawSchema(shape, type) }]))
  }
  return { 'application/json': { schema: shape.body } }
}

function rawSchema(shape: OperationShape, mediaType: string): object | undefined {
  const { body, formField } = shape
  if (mediaType !== 'multipart/form-data' || formField === undefined) return body
  return { type: 'object', properties: { [formField]: body }, required: [formField] }
}

function describeAnswer(shape: OperationShape): object {
  const { schema, mediaTypes } = shape.answer
  if (schema === null && !mediaTypes) return { description: 'Done' }
  const types = mediaTypes ?? ['application/json']
  return {
    description: 'Done',
    content: Object.fromEntries(
      types.map((type) => [type, { schema: type === 'text/csv' ? { type: 'string' } : (schema ?? documentOf(type)) }]),
    ),
  }
}

/** What is no JSON: a text, or bytes. */
function documentOf(mediaType: string): object {
  const isText = /^text\/|\+xml$/.test(mediaType)
  return { type: 'string', ...(!isText && { format: 'binary' }) }
}
