import { describe, expect, it } from 'vitest'
import { ConfigProblems, parseConfig } from './config.ts'

const usual = { SECRET: 'a secret that only tests know, and nobody else', DATABASE_URL: 'sqlite::memory:' }
const production = { ...usual, NODE_ENV: 'production' }

/** Every problem with an environment, in its order. */
function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseConfig({ ...usual, ...environment })
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigProblems)
    return error instanceof ConfigProblems ? error.problems : []
  }
}

describe('the environment', () => {
  it('may say nothing: the defaults are those of the contract', () => {
    expect(parseConfig(usual)).toMatchObject({
      production: false,
      port: 8000,
      host: '127.0.0.1',
      holdSeconds: 300,
      paymentSeconds: 600,
      maxSeatsPerHold: 10,
      maxHoldsPerClient: 5,
      accessTokenSeconds: 900,
      rateLimit: true,
      corsOrigins: [],
      testPayments: true,
      ownerSignup: 'open',
      seedDemo: true,
    })
  })

  it('turns test payments off in production, unless it says otherwise', () => {
    expect(parseConfig(production).testPayments).toBe(false)
    expect(parseConfig({ ...production, TEST_PAYMENTS: 'on' }).testPayments).toBe(true)
    expect(parseConfig({ ...usual, TEST_PAYMENTS: 'off' }).testPayments).toBe(false)
  })

  it('never loads the demo in production, and needs a secret there', () => {
    expect(parseConfig(production).seedDemo).toBe(false)
    expect(problemsOf({ NODE_ENV: 'production', SECRET: '' })).toEqual([expect.stringContaining('SECRET')])
  })

  it('stops the start with one line for each wrong value, each named', () => {
    const wrong = {
      PORT: '99999',
      HOLD_SECONDS: 'soon',
      PAYMENT_SECONDS: '-1',
      MAX_SEATS_PER_HOLD: '0',
      MAX_HOLDS_PER_CLIENT: '1.5',
      RATE_LIMIT: 'perhaps',
      ACCESS_TOKEN_SECONDS: '0',
      OWNER_SIGNUP: 'maybe',
      TEST_PAYMENTS: 'yes',
      PUBLIC_URL: 'films',
      CORS_ORIGINS: 'films.example',
      TRUST_PROXY: 'true',
      DATABASE_URL: 'mysql://films',
      LOG_LEVEL: 'loud',
      SEED_DEMO: 'please',
      MOLLIE_ORGANIZATION_TOKEN: 'access_without_a_key',
    }
    const problems = problemsOf(wrong)
    expect(new Set(problems.map((problem) => problem.split(' ')[0]))).toEqual(new Set(Object.keys(wrong)))
    expect(problems).toHaveLength(Object.keys(wrong).length)
    for (const problem of problems) expect(problem).not.toContain('\n')
  })
})
