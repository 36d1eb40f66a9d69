import { describe, expect, test } from 'vitest'
import { isGlobalAddress, problemOfUrl } from './address.ts'

describe('addresses that may be pushed to', () => {
  test.each(['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:82f::200e'])('%s', (address) => {
    expect(isGlobalAddress(address)).toBe(true)
  })
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'example.com',
    '',
  ])('not %s', (address) => {
    expect(isGlobalAddress(address)).toBe(false)
  })
})

describe('on save, only what can be judged without a look-up is refused', () => {
  test.each(['https://example.com/hook', 'https://localhost/hook', 'https://1.1.1.1:8443/', 'https://[2606:4700::1]/'])(
    'takes %s',
    (url) => {
      expect(problemOfUrl(url)).toBeNull()
    },
  )
  test.each([
    'http://example.com/',
    'ftp://example.com/',
    'example.com',
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://user:password@example.com/',
  ])('refuses %s', (url) => {
    expect(problemOfUrl(url)).not.toBeNull()
  })
})
