import type { Sharp } from 'sharp'
import { createGate } from '../platform/gate.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

/** A picture may hold so many pixels, whatever its bytes: 40 million take some 160 MB to decode. */
const maximumPixels = 40_000_000
export const maximumSeconds = 10
/** Decoding is heavy: two at a time leave a processor for those who buy, and eight more may wait. */
const gate = createGate(2, 8, 'Too many pictures are being worked on.')
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

type PictureLibrary = Awaited<ReturnType<typeof loadLibrary>>
export type PictureRefusal = Refusal<'unsupported_media_type' | 'body_too_large' | 'overloaded'>

/**
 * Decodes a picture that somebody sent and lets `work` encode it anew: what else was in the file (scripts, places, cameras)
 * is gone. Refuses `unsupported_media_type` for what is no whole JPEG, PNG, WebP or AVIF, `body_too_large` for too many
 * pixels or too much work, `overloaded` when too many wait.
 */
export async function workOnPicture<Made>(
  picture: Uint8Array,
  work: (source: Sharp, library: PictureLibrary) => Promise<Made>,
): Promise<Made | PictureRefusal> {
  return await gate(async () => {
    const sharp = await (library ??= loadLibrary())
    try {
      const source = sharp(picture, {
        limitInputPixels: maximumPixels,
        sequentialRead: true,
        failOn: 'error',
        pages: 1,
      })
      const refused = await judge(source)
      return refused ?? (await work(source.autoOrient(), sharp))
    } catch (error) {
      const message = error instanceof Error ? error.message : ''
      return /exceeds pixel limit|timeout|too large/i.test(message) ? tooLarge() : unreadable()
    }
  })
}

async function judge(source: Sharp): Promise<PictureRefusal | null> {
  const { width, height, format, compression } = await source.metadata()
  const isOurs =
    format === 'jpeg' || format === 'png' || format === 'webp' || (format === 'heif' && compression === 'av1')
  if (!isOurs) return unreadable()
  return width * height > maximumPixels ? tooLarge() : null
}

function unreadable(): PictureRefusal {
  return refuse('unsupported_media_type', 'A picture is a whole JPEG, PNG, WebP or AVIF.')
}

function tooLarge(): PictureRefusal {
  return refuse('body_too_large', 'The picture has more pixels than it may have (40 million).')
}
