import { createHash } from 'node:crypto'
import type { Sharp } from 'sharp'
import { maximumSeconds, workOnPicture } from './open-picture.ts'
import type { PictureRefusal } from './open-picture.ts'

/** Widths in pixels; heights are half as much again. */
export const posterWidths = [180, 360, 720] as const
export const posterFormats = ['avif', 'webp', 'jpg'] as const
type PosterFormat = (typeof posterFormats)[number]

export interface PosterFile {
  /** `720.jpg` */
  readonly name: string
  readonly bytes: Buffer
}
export interface RenderedPoster {
  /** Of the picture that was sent in: the same one again has the same address. */
  readonly hash: string
  readonly files: readonly PosterFile[]
}

/** Part of the hash, so that another way of rendering gets other addresses. */
const renderingVersion = 1

/** Encodes a poster anew at fixed sizes, cut to two by three. */
export async function renderPoster(picture: Uint8Array): Promise<RenderedPoster | PictureRefusal> {
  return await workOnPicture(picture, async (source, sharp) => {
    const full = await source
      .resize({ width: 720, height: 1080, fit: 'cover', position: 'attention' })
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .timeout({ seconds: maximumSeconds })
      .raw()
      .toBuffer({ resolveWithObject: true })
    const files: PosterFile[] = []
    for (const size of posterWidths) {
      for (const kind of posterFormats) {
        const scaled = sharp(full.data, { raw: full.info }).resize({ width: size }).timeout({ seconds: maximumSeconds })
        files.push({ name: `${size}.${kind}`, bytes: await encode(scaled, kind) })
      }
    }
    const digest = createHash('sha256').update(`${renderingVersion}\n`).update(picture).digest('hex')
    return { hash: digest.slice(0, 32), files }
  })
}

async function encode(picture: Sharp, format: PosterFormat): Promise<Buffer> {
  if (format === 'avif') return await picture.avif({ quality: 55, effort: 2 }).toBuffer()
  if (format === 'webp') return await picture.webp({ quality: 78 }).toBuffer()
  return await picture.jpeg({ quality: 80, mozjpeg: true }).toBuffer()
}
