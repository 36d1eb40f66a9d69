import { expect, test } from 'vitest'
import { deviceOf } from './device.ts'

test('a session is called as people call the device; a program stays a program', () => {
  const chrome =
    'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36'
  expect(deviceOf(chrome)).toEqual({ browser: 'Chrome', system: 'Android' })
  expect(deviceOf(`${chrome} Edg/156.0`)).toEqual({ browser: 'Edge', system: 'Android' })
  const safari =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1'
  expect(deviceOf(safari)).toEqual({ browser: 'Safari', system: 'iOS' })
  expect(deviceOf('curl/8.5.0')).toBeNull()
  expect(deviceOf(null)).toBeNull()
})
