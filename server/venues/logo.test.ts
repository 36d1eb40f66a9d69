import sharp from 'sharp'
import { expect, it } from 'vitest'
import { createTheatre, getTheatre } from '../../contract/venues.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const rex = { name: 'Rex', city: 'London', timeZone: 'Europe/London', currency: 'GBP' }

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 4, background: { r: 200, g: 20, b: 40, alpha: 0 } } })
}

async function send(test: TestApp, as: SignedIn, id: string, type: string, bytes: Buffer) {
  return await test.inject({
    method: 'PUT',
    url: `/api/v1/theatres/${id}/logo`,
    headers: { 'content-type': type, authorization: `Bearer ${as.token}` },
    payload: bytes,
  })
}

onBothEngines('a theatre’s logo', (engine) => {
  it('is encoded anew with its transparent ground, shown for ever at an address of its own, and kept with the brand', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = (await test.call(createTheatre, { body: rex }, owner)).body
    const sent = await send(test, owner, id, 'image/png', await picture(1_600, 200).png().toBuffer())
    expect(sent.statusCode).toBe(200)
    const { logoUrl } = sent.json().brand
    expect(logoUrl).toMatch(/^\/media\/logos\/[0-9a-f]{32}\/logo\.webp$/)
    expect((await test.call(getTheatre, { params: { id } })).body.settings.brand).toMatchObject({ logoUrl, colors: {} })
    const shown = await test.inject({ method: 'GET', url: logoUrl })
    expect(shown.headers).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    expect(await sharp(shown.rawPayload).metadata()).toMatchObject({
      format: 'webp',
      width: 960,
      height: 120,
      hasAlpha: true,
    })
    const small = await send(test, owner, id, 'image/png', await picture(120, 40).png().toBuffer())
    const again = await test.inject({ method: 'GET', url: small.json().brand.logoUrl })
    expect(await sharp(again.rawPayload).metadata()).toMatchObject({ width: 120, height: 40 })
  })

  it('is refused when it is no picture, another’s theatre, or nowhere', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = (await test.call(createTheatre, { body: rex }, owner)).body
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    const png = await picture(9, 9).png().toBuffer()
    const another = await signIn(test, 'owner')
    const answers = [
      await send(test, owner, id, 'image/png', svg),
      await send(test, owner, id, 'image/svg+xml', svg),
      await send(test, another, id, 'image/png', png),
      await send(test, owner, 'thr_none', 'image/png', png),
      await test.inject({ method: 'GET', url: `/media/logos/${'0'.repeat(32)}/logo.webp` }),
      await test.inject({ method: 'GET', url: `/media/logos/${'0'.repeat(32)}/other.webp` }),
    ]
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([415, 415, 403, 404, 404, 404])
    expect((await test.call(getTheatre, { params: { id } })).body.settings.brand.logoUrl).toBeNull()
  })
})
