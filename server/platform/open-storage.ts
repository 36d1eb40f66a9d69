import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from './clock.ts'
import { createS3Storage, parseS3Url } from './s3-storage.ts'
import type { S3Place } from './s3-storage.ts'
import { createFolderStorage } from './storage.ts'
import type { Storage } from './storage.ts'

export type StoragePlace =
  | { readonly kind: 'data folder' }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 's3'; readonly place: S3Place }

export const storageUrlForms = 'file:///folder or s3://KEY:SECRET@host/bucket?region=…'

/** Reads `STORAGE_URL`; an empty text is the data folder, null is no storage that we know. */
export function parseStorageUrl(text: string): StoragePlace | null {
  if (text === '') return { kind: 'data folder' }
  if (!URL.canParse(text)) return null
  const { protocol, host } = new URL(text)
  if (protocol === 'file:') return host === '' ? { kind: 'folder', path: fileURLToPath(text) } : null
  if (!['s3:', 'https:', 'http:'].includes(protocol)) return null
  const place = parseS3Url(text)
  return place && { kind: 's3', place }
}

/** The storage at a place; in the data folder it is `media`. */
export function openStorage(place: StoragePlace, dataFolder: string, clock: Clock): Storage {
  if (place.kind === 's3') return createS3Storage(place.place, clock)
  return createFolderStorage(place.kind === 'folder' ? place.path : join(dataFolder, 'media'))
}
