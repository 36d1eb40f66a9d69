import { describe, expect, test } from 'vitest'
import type { NdjsonLine } from './ndjson.ts'
import { maximumLineBytes, readNdjson } from './ndjson.ts'

async function read(...chunks: (string | Uint8Array)[]): Promise<NdjsonLine[]> {
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
  return Array.fromAsync(readNdjson(bytes))
}

describe('an NDJSON file', () => {
  test('gives one object a line with its number', async () => {
    expect(await read('{"a":1}\n{"b":2}\n')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, value: { b: 2 } },
    ])
  })

  test('may be empty, or hold nothing but blank lines', async () => {
    expect(await read()).toEqual([])
    expect(await read('')).toEqual([])
    expect(await read('\n  \r\n\n')).toEqual([])
  })

  test('may begin with a byte-order mark, end its lines with CRLF and lack the last one', async () => {
    expect(await read('\uFEFF{"a":1}\r\n\r\n{"b":2}')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 3, value: { b: 2 } },
    ])
  })

  test('reads the same however its bytes are cut into chunks', async () => {
    const whole = Buffer.from('\uFEFF{"name":"Kino Straße 電影"}\r\n{"b":"é"}\nno\n{"c":')
    const expected = await read(whole)
    expect(expected).toHaveLength(4)
    for (const size of [1, 2, 3, 7]) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.subarray(index * size, (index + 1) * size),
      )
      expect(await read(...pieces)).toEqual(expected)
    }
  })

  test('keeps a line that came in pieces although the stream reuses its memory', async () => {
    const shared = Buffer.alloc(4)
    async function* stream() {
      for (const piece of ['{"a"', ':"xy', '"}\n ']) {
        shared.write(piece)
        yield shared
      }
    }
    expect(await Array.fromAsync(readNdjson(stream()))).toEqual([{ line: 1, value: { a: 'xy' } }])
  })

  test('tells a last line that was cut short from one that is wrong', async () => {
    expect(await read('{"a":1}\n{"b":')).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, problem: 'the line is cut short: the file ends in the middle of it' },
    ])
    const [wrong] = await read('{"b":\n')
    expect(wrong).toMatchObject({ line: 1, problem: expect.stringMatching(/^the line is not valid JSON \(.+\)$/) })
  })

  test('goes on after a bad line and names each', async () => {
    const lines = await read('nonsense\n[1]\nnull\n"text"\n7\n{"good":true}\n{"a":1}{"b":2}\n')
    expect(lines.map((line) => ('problem' in line ? line.line : 'good'))).toEqual([1, 2, 3, 4, 5, 'good', 7])
    expect(lines[1]).toEqual({ line: 2, problem: 'the line must be one JSON object, not a list' })
    expect(lines[2]).toEqual({ line: 3, problem: 'the line must be one JSON object, not null' })
  })

  test('is refused where it is not UTF-8', async () => {
    expect(await read(Buffer.from([0x7b, 0xc3, 0x28, 0x7d, 0x0a]), '{"a":1}\n')).toEqual([
      { line: 1, problem: 'the line is not valid UTF-8' },
      { line: 2, value: { a: 1 } },
    ])
    expect(await read(Buffer.from('\uFEFF{}\n', 'utf16le'))).toContainEqual({
      line: 1,
      problem: 'the file is in UTF-16; it must be in UTF-8',
    })
  })

  test('takes a line of exactly the longest length, and no longer one', async () => {
    const line = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
    const [fits] = await read(`${line(maximumLineBytes)}\n`)
    expect(fits).toMatchObject({ value: { a: expect.any(String) } })
    const [tooLong, next] = await read(`${line(maximumLineBytes + 1)}\n{"b":2}\n`)
    expect(tooLong).toEqual({
      line: 1,
      problem: 'the line is 1,048,577 bytes long; the longest allowed is 1,048,576 bytes',
    })
    expect(next).toEqual({ line: 2, value: { b: 2 } })
  })

  test('a line of 100 MB is named and costs no memory', async () => {
    const chunk = Buffer.alloc(65_536, 'x')
    function* hundredMegabytes() {
      yield Buffer.from('{"a":1}\n{"b":"')
      for (let index = 0; index < 1_600; index += 1) yield chunk
      yield Buffer.from('"}\n{"c":3}\n')
    }
    const before = process.memoryUsage()
    const lines = await Array.fromAsync(readNdjson(hundredMegabytes()))
    const after = process.memoryUsage()
    expect(lines).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, problem: 'the line is 104,857,608 bytes long; the longest allowed is 1,048,576 bytes' },
      { line: 3, value: { c: 3 } },
    ])
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(20_000_000)
  })

  test('does not fall over a line of a hundred thousand brackets', async () => {
    const [deep] = await read(`${'['.repeat(100_000)}\n`)
    expect(deep).toMatchObject({ line: 1, problem: expect.any(String) })
    const [nested] = await read(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`)
    expect(nested).toMatchObject({ line: 1 })
  })
})
