import { expect, it } from 'vitest'
import { boundaryOf, isModestForm } from './forms.ts'

const part = '--b\r\ncontent-disposition: form-data; name="poster"; filename="a"\r\n\r\n\r\n'

it('a form names its boundary, quoted or not; what is no form has none', () => {
  expect(boundaryOf('multipart/form-data; boundary=b')).toBe('--b')
  expect(boundaryOf('Multipart/Form-Data; charset=utf-8; boundary="b c"')).toBe('--b c')
  for (const type of [undefined, 'multipart/form-data', 'multipart/form-data; boundary=', 'image/png; boundary=b'])
    expect(boundaryOf(type), type).toBeNull()
})

it('a form of thousands of parts, or with an endless head, is not read', () => {
  const modest = (text: string) => isModestForm(Buffer.from(text), '--b')
  expect(modest(`${part.repeat(10)}--b--\r\n`)).toBe(true)
  expect(modest(`${part.repeat(30)}--b--\r\n`)).toBe(false)
  expect(modest(`--b\r\n${'x-a: b\r\n'.repeat(10_000)}\r\nx\r\n--b--\r\n`)).toBe(false)
})
