import { hashSync } from 'bcryptjs'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../platform/refusal.ts'
import { createPasswordHasher } from './password-hashing.ts'
import type { PasswordHasher } from './password-hashing.ts'

const quick = { memoryKibibytes: 64, passes: 1 }

async function hashed(hasher: PasswordHasher, password: string): Promise<string> {
  const hash = await hasher.hash(password)
  if (isRefusal(hash)) throw new Error(hash.detail)
  return hash
}

describe('password hashes', () => {
  it('are argon2id with the costs that OWASP asks for', async () => {
    const hash = await createPasswordHasher().hash('velvet curtain')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('match their own password alone, and no password when there is no hash', async () => {
    const hasher = createPasswordHasher(quick)
    const hash = await hashed(hasher, 'velvet curtain')
    expect(await hasher.check('velvet curtain', hash)).toEqual({ matches: true, outdated: false })
    expect(await hasher.check('velvet curtains', hash)).toEqual({ matches: false, outdated: false })
    expect(await hasher.check('nobody has this password', null)).toEqual({ matches: false, outdated: false })
  })

  it('match however the keyboard composes an accent', async () => {
    const hasher = createPasswordHasher(quick)
    const hash = await hashed(hasher, 'caf\u00e9 noir')
    expect(await hasher.check('cafe\u0301 noir', hash)).toMatchObject({ matches: true })
  })

  it('made with other costs match and are said to be outdated', async () => {
    const hash = await hashed(createPasswordHasher({ memoryKibibytes: 128, passes: 1 }), 'velvet curtain')
    expect(await createPasswordHasher(quick).check('velvet curtain', hash)).toEqual({ matches: true, outdated: true })
  })

  it('made by bcrypt match and are said to be outdated', async () => {
    const hasher = createPasswordHasher(quick)
    const hash = hashSync('velvet curtain', 4)
    expect(await hasher.check('velvet curtain', hash)).toEqual({ matches: true, outdated: true })
    expect(await hasher.check('velvet', hash)).toEqual({ matches: false, outdated: false })
    const endless = hash.replace('$04$', '$31$')
    expect(await hasher.check('velvet curtain', endless)).toEqual({ matches: false, outdated: false })
  })

  it('that cannot be read match nothing', async () => {
    const hasher = createPasswordHasher(quick)
    for (const hash of ['', 'plain', '$argon2id$', '$argon2id$v=19$m=4294967295,t=9,p=1$AAAA$AAAA']) {
      expect(await hasher.check('velvet curtain', hash), hash).toEqual({ matches: false, outdated: false })
    }
  })
})
