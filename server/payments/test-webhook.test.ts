import { expect, it } from 'vitest'
import { signTestWebhook, verifyTestWebhook } from './test-webhook.ts'

const secret = 'whsec_dGhlIHByb3ZpZGVy'
const nowMs = Date.UTC(2026, 10, 21, 12)
const seconds = nowMs / 1000
const body = '{"id":"evt-1","paymentId":"pay_1","outcome":"succeed"}'

function headersAt(timestamp: number, signature = signTestWebhook(secret, 'msg', String(timestamp), body)) {
  return { 'webhook-id': 'msg', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
}

it('a webhook is taken within five minutes of its time, and with one good signature among several', () => {
  for (const off of [-300, 0, 300]) expect(verifyTestWebhook(secret, headersAt(seconds + off), body, nowMs)).toBe(true)
  for (const off of [-301, 301]) expect(verifyTestWebhook(secret, headersAt(seconds + off), body, nowMs)).toBe(false)
  const good = signTestWebhook(secret, 'msg', String(seconds), body)
  expect(verifyTestWebhook(secret, headersAt(seconds, `v1,AAAA ${good}`), body, nowMs)).toBe(true)
})

it('a webhook with anything changed, left out, or signed by somebody else is refused', () => {
  const good = headersAt(seconds)
  const signature = good['webhook-signature']
  for (let at = 0; at < signature.length; at += 1) {
    for (const letter of ['A', 'z', '=', ' ']) {
      const changed = signature.slice(0, at) + letter + signature.slice(at + 1)
      if (changed === signature) continue
      expect(verifyTestWebhook(secret, headersAt(seconds, changed), body, nowMs), changed).toBe(false)
    }
    expect(verifyTestWebhook(secret, headersAt(seconds, signature.slice(0, at)), body, nowMs)).toBe(false)
  }
  for (let at = 0; at < body.length; at += 1) {
    const changed = `${body.slice(0, at)}~${body.slice(at + 1)}`
    expect(verifyTestWebhook(secret, good, changed, nowMs), changed).toBe(false)
  }
  for (const name of Object.keys(good)) {
    expect(verifyTestWebhook(secret, { ...good, [name]: undefined }, body, nowMs), name).toBe(false)
    expect(verifyTestWebhook(secret, { ...good, [name]: '' }, body, nowMs), name).toBe(false)
  }
  for (const other of ['', 'whsec_', 'whsec_b3RoZXI=', 'another provider']) {
    const forged = signTestWebhook(other, 'msg', String(seconds), body)
    expect(verifyTestWebhook(secret, headersAt(seconds, forged), body, nowMs), other).toBe(false)
  }
  expect(verifyTestWebhook(secret, { ...good, 'webhook-id': 'other' }, body, nowMs)).toBe(false)
})
