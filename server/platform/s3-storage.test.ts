import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createManualClock } from './clock.ts'
import { signedS3Headers } from './s3-signature.ts'
import { parseStorageUrl } from './open-storage.ts'
import { createS3Storage, parseS3Url } from './s3-storage.ts'

const amazons = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
}
const may = Date.UTC(2013, 4, 24)

test('requests are signed as in the examples of the specification', () => {
  const get = signedS3Headers(amazons, {
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    headers: { range: 'bytes=0-9' },
    body: new Uint8Array(),
    nowMs: may,
  })
  expect(get['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  )
  const put = signedS3Headers(amazons, {
    method: 'PUT',
    url: new URL('https://examplebucket.s3.amazonaws.com/test$file.text'),
    headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    body: Buffer.from('Welcome to Amazon S3.'),
    nowMs: may,
  })
  expect(put['authorization']).toContain('Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd')
})

test('an address names key, secret, host, bucket and region', () => {
  expect(parseS3Url('s3://key:a%2Fb@s3.example.com/bucket/posters/?region=eu-west-1')).toEqual({
    keys: { accessKey: 'key', secretKey: 'a/b', region: 'eu-west-1' },
    base: 'https://s3.example.com/bucket/posters',
  })
  expect(parseS3Url('http://key:secret@minio:9000/bucket')?.base).toBe('http://minio:9000/bucket')
  for (const wrong of ['s3://s3.example.com/bucket', 's3://key:secret@s3.example.com/', 's3://key@host/bucket']) {
    expect(parseS3Url(wrong), wrong).toBeNull()
  }
  expect(parseStorageUrl('')).toEqual({ kind: 'data folder' })
  expect(parseStorageUrl('file:///srv/media')).toEqual({ kind: 'folder', path: '/srv/media' })
  expect(parseStorageUrl('s3://key:secret@host/bucket')).toMatchObject({ kind: 's3' })
  for (const wrong of ['ftp://key:secret@host/bucket', 'media', 's3://host/bucket', 'file://host/media']) {
    expect(parseStorageUrl(wrong), wrong).toBeNull()
  }
})

test('files are put and got; one that is not there is null, and a store that refuses is an error', async () => {
  const kept = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const file = kept.get(request.url ?? '')
      if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=key/')) response.writeHead(403).end()
      else if (request.method === 'PUT')
        response.writeHead(kept.set(request.url ?? '', Buffer.concat(chunks)) && 200).end()
      else if (request.method === 'DELETE') response.writeHead(kept.delete(request.url ?? '') ? 204 : 404).end()
      else if (file) response.writeHead(200).end(file)
      else response.writeHead(404).end('<Error/>')
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  const open = (key: string) => {
    const place = parseS3Url(`http://${key}:secret@127.0.0.1:${port}/bucket/media`)
    if (!place) throw new Error('The address is right')
    return createS3Storage(place, createManualClock(may))
  }
  const storage = open('key')
  expect(await storage.get('posters/a/720.jpg')).toBeNull()
  await storage.put('posters/a/720.jpg', Buffer.from([1, 2, 3]))
  expect(await storage.get('posters/a/720.jpg')).toEqual(Buffer.from([1, 2, 3]))
  expect([...kept.keys()]).toEqual(['/bucket/media/posters/a/720.jpg'])
  await storage.put('posters/c/720.jpg', Buffer.from([4]))
  await storage.remove('posters/c/720.jpg')
  await storage.remove('posters/c/720.jpg')
  expect(await storage.get('posters/c/720.jpg')).toBeNull()
  await expect(open('stranger').get('posters/a/720.jpg')).rejects.toThrow('403')
  server.close()
  server.closeAllConnections()
  await expect(storage.put('posters/b/720.jpg', Buffer.from([1]))).rejects.toThrow('does not answer')
})
