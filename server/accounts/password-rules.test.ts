import { describe, expect, it } from 'vitest'
import { judgePassword, readCommonPasswords } from './password-rules.ts'

const common = readCommonPasswords()
const ada = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace' }
const judge = (password: string) => judgePassword(password, ada, common, '/password')?.code ?? null

describe('the rules for a new password', () => {
  it('knows ten thousand common passwords of eight characters or more', () => {
    expect(common.size).toBe(10_000)
    expect([...common].every((password) => password.length >= 8)).toBe(true)
  })

  it('refuses fewer than eight characters, counted as people count them', () => {
    expect(judge('')).toBe('weak_password')
    expect(judge('k9$Tz!q')).toBe('weak_password')
    expect(judge('k9$Tz!qw')).toBeNull()
    expect(judge('🎬🎟️')).toBe('weak_password')
  })

  it('refuses what everybody uses, in any case', () => {
    for (const password of ['password', 'PassWord123', 'qwertyuiop', '12345678', 'admin123', 'ILoveYou']) {
      expect(judge(password), password).toBe('weak_password')
    }
    expect(judge('zzzzzzzzzzzzzzz')).toBe('weak_password')
  })

  it('refuses the words of every cinema, with whatever figures and signs, and no sentence that holds them', () => {
    for (const password of ['matinee1', 'Cinema2026!', 'movie-tickets', '1234Kino', 'théâtre99', 'Película7']) {
      expect(judge(password), password).toBe('weak_password')
    }
    for (const password of ['two tickets to the moon', 'matinee in row seven', 'kinoko soup']) {
      expect(judge(password), password).toBeNull()
    }
  })

  it('refuses the own email and name', () => {
    expect(judge('Ada.Lovelace@example.com')).toBe('weak_password')
    expect(judge('ada.lovelace')).toBe('weak_password')
    expect(judge('ada lovelace')).toBe('weak_password')
    expect(judge('ada lovelace 1815')).toBeNull()
  })

  it('takes up to 256 bytes and says of more that it is the wrong shape', () => {
    expect(judge('é'.repeat(127) + 'ab')).toBeNull()
    expect(judge('é'.repeat(128) + 'a')).toBe('validation_failed')
  })

  it('asks for no digits, signs or capitals', () => {
    expect(judge('velvet curtain')).toBeNull()
  })
})
