import { readLogo } from '../../contract/media.ts'
import { setLogo as contract } from '../../contract/theatre-logo.ts'
import { picturesAlone } from '../catalogue/routes-media.ts'
import { Bytes, tagged } from '../http/answer.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { findManagedTheatre } from './find.ts'
import type { VenueParts } from './find.ts'
import { logoFile, setLogo } from './set-logo.ts'
import { presentSettings } from './settings.ts'

/** A theatre's logo is sent in: its pages load nothing from another host. */
export function addLogoRoutes(routes: Routes, parts: VenueParts): void {
  routes.add(contract, {
    find: findManagedTheatre(parts.database),
    async handle({ subject, body, headers }) {
      const row = await setLogo(parts, subject.id, body, headers['if-match'])
      return isRefusal(row) ? row : tagged(presentSettings(row), row.revision)
    },
  })
}

/** Where logos are shown from, below the root. */
export function addLogoMedia(root: Routes, { storage }: Pick<VenueParts, 'storage'>): void {
  root.add(readLogo, {
    async handle({ params: { hash, file } }) {
      if (file !== logoFile || !/^[0-9a-f]{32}$/.test(hash)) return refuse('not_found')
      const bytes = await storage.get(`logos/${hash}/${logoFile}`)
      return bytes ? new Bytes(bytes, { ...picturesAlone, 'content-type': 'image/webp' }) : refuse('not_found')
    },
  })
}
