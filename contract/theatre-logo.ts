import { Type } from 'typebox'
import { maximumPosterBytes, posterMediaTypes } from './catalogue.ts'
import { IdParams } from './common.ts'
import { operation } from './operation.ts'
import { TheatreSettings } from './venues.ts'

export const setLogo = operation({
  id: 'setLogo',
  method: 'PUT',
  path: '/theatres/{id}/logo',
  tag: 'Venues',
  summary: 'Sets the logo of a theatre: the picture itself (JPEG, PNG, WebP or AVIF, up to 10 MB)',
  access: ['owner', 'admin'],
  params: IdParams,
  body: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }),
  bodyLimit: maximumPosterBytes,
  bodyMediaTypes: posterMediaTypes,
  answer: { status: 200, schema: TheatreSettings },
  refusals: ['unsupported_media_type', 'body_too_large', 'precondition_failed'],
})

export const logoOperations = { setLogo } as const
