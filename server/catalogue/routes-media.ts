import * as contract from '../../contract/media.ts'
import { Bytes } from '../http/answer.ts'
import type { Routes } from '../http/routes.ts'
import { refuse } from '../platform/refusal.ts'
import { digestOf, drawPoster, parseDrawnName } from './drawn-poster.ts'
import { posterFormats, posterWidths } from './render-poster.ts'
import type { CatalogueParts } from './routes.ts'
import { findMovie } from './store.ts'

const mediaTypes = { avif: 'image/avif', webp: 'image/webp', jpg: 'image/jpeg' } as const
/** Whatever a picture holds, it runs nothing and loads nothing, also where somebody opens it by itself. */
export const picturesAlone = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
}

/** Pictures, below the root. */
export function addMediaRoutes(routes: Routes, { database, storage }: CatalogueParts): void {
  routes.add(contract.readPoster, {
    async handle({ params: { hash, file } }) {
      const format = posterFormats.find((each) => posterWidths.some((width) => file === `${width}.${each}`))
      if (format === undefined || !/^[0-9a-f]{32}$/.test(hash)) return refuse('not_found')
      const bytes = await storage.get(`posters/${hash}/${file}`)
      return bytes ? new Bytes(bytes, { ...picturesAlone, 'content-type': mediaTypes[format] }) : refuse('not_found')
    },
  })

  routes.add(contract.readDrawnPoster, {
    async handle({ params: { file } }) {
      const name = parseDrawnName(file)
      const movie = name && (await findMovie(database.read, name.id))
      // Another wording is another address: an old one must not be kept for ever with the new title.
      if (!movie || digestOf(movie) !== name.digest) return refuse('not_found')
      return new Bytes(drawPoster(movie), { ...picturesAlone, 'content-type': 'image/svg+xml; charset=utf-8' })
    },
  })
}
