import { Type } from 'typebox'
import { closed, operation } from './operation.ts'

const tag = 'Catalogue'
const picture = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' })

/** Below the root, not below `/api/v1`. */
export const readPoster = operation({
  id: 'readPoster',
  method: 'GET',
  path: '/media/posters/{hash}/{file}',
  tag,
  summary: 'A poster that was uploaded; its address says what is in it, so it can be kept for ever',
  access: 'anyone',
  params: closed({ hash: Type.String(), file: Type.String({ examples: ['720.jpg'] }) }),
  answer: { status: 200, schema: picture, mediaTypes: ['image/avif', 'image/webp', 'image/jpeg'] },
})

export const readDrawnPoster = operation({
  id: 'readDrawnPoster',
  method: 'GET',
  path: '/media/posters/drawn/{file}',
  tag,
  summary: 'The poster that is drawn for a movie without one',
  access: 'anyone',
  params: closed({ file: Type.String() }),
  answer: { status: 200, schema: Type.String(), mediaTypes: ['image/svg+xml'] },
})

export const readLogo = operation({
  id: 'readLogo',
  method: 'GET',
  path: '/media/logos/{hash}/{file}',
  tag: 'Venues',
  summary: 'A theatre’s logo; its address says what is in it, so it can be kept for ever',
  access: 'anyone',
  params: closed({ hash: Type.String(), file: Type.String({ examples: ['logo.webp'] }) }),
  answer: { status: 200, schema: picture, mediaTypes: ['image/webp'] },
})
