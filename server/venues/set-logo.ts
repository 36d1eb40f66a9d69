import { createHash } from 'node:crypto'
import { maximumSeconds, workOnPicture } from '../catalogue/open-picture.ts'
import type { Database } from '../database/database.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Storage } from '../platform/storage.ts'
import { changeSettings } from './change-theatre.ts'

/** Pixels that a logo fits into; a smaller one is not made larger. */
const largest = { width: 960, height: 240 }
export const logoFile = 'logo.webp'

/** Encodes a logo anew, its transparent ground kept, stores it and makes it the theatre's. */
export async function setLogo(
  { database, storage }: { readonly database: Database; readonly storage: Storage },
  theatreId: string,
  picture: Uint8Array,
  ifMatch: string | undefined,
): Promise<TheatreRow | Refusal> {
  const bytes = await workOnPicture(picture, (source) =>
    source
      .resize({ ...largest, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .timeout({ seconds: maximumSeconds })
      .webp({ quality: 92, alphaQuality: 100 })
      .toBuffer(),
  )
  if (isRefusal(bytes)) return bytes
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  await storage.put(`logos/${hash}/${logoFile}`, bytes)
  const brand = { logoUrl: `/media/logos/${hash}/${logoFile}` }
  return await database.write((tx) => changeSettings(tx, theatreId, { brand }, ifMatch))
}
