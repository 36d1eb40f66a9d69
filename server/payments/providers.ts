import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { createMollieProvider } from './mollie-provider.ts'
import type { PaymentProvider, ProviderName } from './provider.ts'
import { createStripeProvider } from './stripe-provider.ts'
import { createTestProvider } from './test-provider.ts'

/** The providers that are set up here, by name. Whether test payments may begin is `config.testPayments`. */
export type Providers = ReadonlyMap<ProviderName, PaymentProvider>

export function openProviders(config: Config, database: Database): Providers {
  // Where no test payments are taken any more, there may be some to give back.
  const providers: PaymentProvider[] = [createTestProvider(database, config.testWebhookSecret)]
  if (config.stripe) providers.push(createStripeProvider(config.stripe))
  if (config.mollie) providers.push(createMollieProvider(config.mollie))
  return new Map(providers.map((provider) => [provider.name, provider]))
}
