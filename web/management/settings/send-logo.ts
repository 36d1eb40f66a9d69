import { RefusedCall } from '../../../contract/client.ts'

/** Sends a picture as it is; answers where the logo lies from then on. The typed client sends JSON alone. */
export async function sendLogo(address: string, file: File): Promise<string> {
  const response = await fetch(address, { method: 'PUT', headers: { 'content-type': file.type }, body: file })
  const answer = await response.json()
  if (!response.ok) throw new RefusedCall(answer)
  return answer.brand.logoUrl
}
