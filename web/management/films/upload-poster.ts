import { RefusedCall } from '../../../contract/client.ts'
import type { ProblemDocument } from '../../../contract/client.ts'
import { api, basePath } from '../../../contract/api.ts'

const { method, path } = api.setPoster

/** Bytes of a poster, at most: the house says the same. */
export const maximumPosterBytes = 10 * 1024 * 1024

/**
 * Sends a picture as a film's poster; `tell` hears how much of it has gone, in hundredths. By XMLHttpRequest: fetch tells
 * nothing of what it sends. Throws `RefusedCall`, or a plain error when no answer came.
 */
export async function uploadPoster(movieId: string, picture: File, tell: (percent: number) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, basePath + path.replace('{id}', encodeURIComponent(movieId)))
    request.setRequestHeader('content-type', picture.type)
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      tell(Math.round((100 * loaded) / Math.max(1, total))),
    )
    request.addEventListener('error', () => reject(new Error('No answer to the poster')))
    request.addEventListener('load', () => {
      if (request.status < 300) resolve()
      else reject(new RefusedCall(problemOf(request)))
    })
    request.send(picture)
  })
}

function problemOf({ status, response }: XMLHttpRequest): ProblemDocument {
  const otherwise: ProblemDocument = { code: 'internal_error', status, title: '', detail: '' }
  return response ?? otherwise
}
