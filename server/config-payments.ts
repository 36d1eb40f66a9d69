import type { Reader } from './config.ts'
import type { MollieSettings } from './payments/mollie-provider.ts'
import type { StripeSettings } from './payments/stripe-provider.ts'

/** Stripe by its two variables. `STRIPE_API_URL` is for tests: in production a key goes to nobody but its provider. */
export function readStripe(read: Reader, production: boolean): StripeSettings | null {
  const secretKey = read.optional('STRIPE_SECRET_KEY')
  const webhookSecret = read.optional('STRIPE_WEBHOOK_SECRET')
  if ((secretKey === null) !== (webhookSecret === null)) {
    read.problems.push('STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together')
  }
  const url = doubleOf(read, production, 'STRIPE_API_URL')
  return secretKey === null || webhookSecret === null ? null : { secretKey, webhookSecret, url }
}

/** Mollie by its key; the organisation's token reads what Mollie keeps and pays out. `MOLLIE_API_URL` is for tests. */
export function readMollie(read: Reader, production: boolean): MollieSettings | null {
  const apiKey = read.optional('MOLLIE_API_KEY')
  const organizationToken = read.optional('MOLLIE_ORGANIZATION_TOKEN')
  if (apiKey === null && organizationToken !== null) {
    read.problems.push('MOLLIE_ORGANIZATION_TOKEN needs MOLLIE_API_KEY')
  }
  const url = doubleOf(read, production, 'MOLLIE_API_URL')
  return apiKey === null ? null : { apiKey, organizationToken, url }
}

function doubleOf(read: Reader, production: boolean, name: string): URL | null {
  const url = read.url(name, ['http:', 'https:'])
  if (url === null) return null
  if (production) read.problems.push(`${name} is for tests, not for production`)
  return new URL(url)
}
