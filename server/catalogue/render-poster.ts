import { createHash } from 'node:crypto'
import type { Sharp } from 'sharp'
import { createGate } from '../platform/gate.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

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

/** A picture may hold so many pixels, whatever its bytes: 40 million take some 160 MB to decode. */
const maximumPixels = 40_000_000
const maximumSeconds = 10
/** Decoding is heavy: two at a time leave a processor for those who buy, and eight more may wait. */
const gate = createGate(2, 8, 'Too many pictures are being worked on.')
/** Part of the hash, so that another way of rendering gets other addresses. */
const renderingVersion = 1

/** The picture library comes with the first poster: without it the server opens sooner, and many never see one. */
let library: ReturnType<typeof loadLibrary> | null = null

async function loadLibrary() {
  const { default: sharp } = await import('sharp')
  // What is not one of the four formats is never decoded, whatever its name says; SVG and PDF could run or load things.
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({
    operation: [
      'VipsForeignLoadJpegBuffer',
      'VipsForeignLoadPngBuffer',
      'VipsForeignLoadWebpBuffer',
      'VipsForeignLoadHeifBuffer',
    ],
  })
  sharp.cache(false)
  return sharp
}

type PosterRefusal = Refusal<'unsupported_media_type' | 'body_too_large' | 'overloaded'>

/**
 * Decodes a picture and encodes it anew at fixed sizes, cut to two by three: what else was in the file (scripts, places,
 * cameras) is gone. Refuses `unsupported_media_type` for what is no whole JPEG, PNG, WebP or AVIF, `body_too_large` for
 * too many pixels or too much work, `overloaded` when too many wait.
 */
export async function renderPoster(picture: Uint8Array): Promise<RenderedPoster | PosterRefusal> {
  return await gate(() => render(picture))
}

async function render(picture: Uint8Array): Promise<RenderedPoster | PosterRefusal> {
  const sharp = await (library ??= loadLibrary())
  try {
    const source = sharp(picture, { limitInputPixels: maximumPixels, sequentialRead: true, failOn: 'error', pages: 1 })
    const { width, height, format, compression } = await source.metadata()
    const isOurs =
      format === 'jpeg' || format === 'png' || format === 'webp' || (format === 'heif' && compression === 'av1')
    if (!isOurs) return unreadable()
    if (width * height > maximumPixels) return tooLarge()
    const full = await source
      .autoOrient()
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
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return /exceeds pixel limit|timeout|too large/i.test(message) ? tooLarge() : unreadable()
  }
}

async function encode(picture: Sharp, format: PosterFormat): Promise<Buffer> {
  if (format === 'avif') return await picture.avif({ quality: 55, effort: 2 }).toBuffer()
  if (format === 'webp') return await picture.webp({ quality: 78 }).toBuffer()
  return await picture.jpeg({ quality: 80, mozjpeg: true }).toBuffer()
}

function unreadable(): PosterRefusal {
  return refuse('unsupported_media_type', 'A poster is a whole JPEG, PNG, WebP or AVIF picture.')
}

function tooLarge(): PosterRefusal {
  return refuse('body_too_large', 'The picture has more pixels than a poster may have (40 million).')
}
