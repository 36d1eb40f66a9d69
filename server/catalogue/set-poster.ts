import { maximumPosterBytes, posterMediaTypes, setPoster as contract } from '../../contract/catalogue.ts'
import { boundaryOf, isModestForm } from '../http/forms.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Storage } from '../platform/storage.ts'
import { renderPoster } from './render-poster.ts'

type PictureRefusal = Refusal<'validation_failed' | 'malformed_request' | 'body_too_large' | 'unsupported_media_type'>

/** The picture in a request: its body, or the field `poster` of a form. */
export async function readPicture(body: Uint8Array, contentType: string): Promise<Uint8Array | PictureRefusal> {
  const picture = contentType.startsWith('multipart/form-data') ? await pictureInForm(body, contentType) : body
  if (isRefusal(picture)) return picture
  if (picture.length > maximumPosterBytes) return refuse('body_too_large', 'A poster has 10 MB at most.')
  return picture
}

async function pictureInForm(body: Uint8Array, contentType: string): Promise<Uint8Array | PictureRefusal> {
  const boundary = boundaryOf(contentType)
  const isReadable = boundary !== null && isModestForm(Buffer.from(body.buffer, body.byteOffset, body.length), boundary)
  const form = isReadable ? await readForm(body, contentType) : null
  if (form === null) return refuse('malformed_request', 'The form cannot be read.')
  const poster = form.get(contract.formField)
  if (!(poster instanceof File)) return refuseField(`/${contract.formField}`, 'is the file that this form needs')
  const declared = poster.type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  // A form often says nothing better than "some bytes"; what is in them decides.
  const plausible =
    declared === '' || declared === 'application/octet-stream' || posterMediaTypes.some((type) => type === declared)
  if (!plausible) return refuse('unsupported_media_type', 'A poster is a JPEG, PNG, WebP or AVIF picture.')
  return new Uint8Array(await poster.arrayBuffer())
}

async function readForm(body: Uint8Array, contentType: string): Promise<FormData | null> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch {
    return null
  }
}

/** Renders a picture, keeps its files, and lets `save` make it the movie's poster: what takes long is done before it. */
export async function setPoster<Saved>(
  storage: Storage,
  picture: Uint8Array,
  save: (posterUrl: string) => Promise<Saved>,
): Promise<Saved | Refusal> {
  const poster = await renderPoster(picture)
  if (isRefusal(poster)) return poster
  const keep = async () => {
    for (const { name, bytes } of poster.files) await storage.put(`posters/${poster.hash}/${name}`, bytes)
  }
  await keep()
  const saved = await save(`/media/posters/${poster.hash}/720.jpg`)
  // The same picture may have been removed in between, because another movie left it.
  if (!isRefusal(saved) && (await storage.get(`posters/${poster.hash}/720.jpg`)) === null) await keep()
  return saved
}
