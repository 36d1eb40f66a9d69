import { mollieSecrets, startMollieDouble } from './mollie-double.ts'
import { startStripeDouble, stripeSecrets } from './stripe-double.ts'

/** Providers that have a double; the test provider needs none. */
export const doubles = {
  stripe: { start: startStripeDouble, environment: stripeSecrets, urlVariable: 'STRIPE_API_URL' },
  mollie: { start: startMollieDouble, environment: mollieSecrets, urlVariable: 'MOLLIE_API_URL' },
} as const
export const doubledNames = ['stripe', 'mollie'] as const
export type DoubledProvider = (typeof doubledNames)[number]
