import { Type } from 'typebox'
import { closed, operation } from './operation.ts'

const Health = closed({ status: Type.Literal('ok') })

export const readHealth = operation({
  id: 'readHealth',
  method: 'GET',
  path: '/healthz',
  tag: 'Operations',
  summary: 'The process answers',
  access: 'anyone',
  answer: { status: 200, schema: Health },
})

export const readReadiness = operation({
  id: 'readReadiness',
  method: 'GET',
  path: '/readyz',
  tag: 'Operations',
  summary: 'The database answers and is migrated',
  access: 'anyone',
  answer: { status: 200, schema: Health },
  refusals: ['busy', 'draining'],
})

export const readMetrics = operation({
  id: 'readMetrics',
  method: 'GET',
  path: '/metrics',
  tag: 'Operations',
  summary: 'Numbers of this process, as Prometheus reads them',
  access: 'anyone',
  answer: { status: 200, schema: Type.String(), mediaTypes: ['text/plain'] },
})

export const readOpenApi = operation({
  id: 'readOpenApi',
  method: 'GET',
  path: '/openapi.json',
  tag: 'Operations',
  summary: 'This description, OpenAPI 3.1',
  access: 'anyone',
  answer: { status: 200, schema: Type.Object({}, { additionalProperties: true }) },
})

export const readAccessKeys = operation({
  id: 'readAccessKeys',
  method: 'GET',
  path: '/.well-known/jwks.json',
  tag: 'Operations',
  summary: 'The public keys that access tokens are signed with (RFC 7517)',
  access: 'anyone',
  answer: { status: 200, schema: closed({ keys: Type.Array(Type.Object({}, { additionalProperties: true })) }) },
})
