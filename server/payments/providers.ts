import type { Database } from '../database/database.ts'
import type { PaymentProvider, ProviderName } from './provider.ts'
import { createTestProvider } from './test-provider.ts'

/** The providers that are set up here, by name. Whether test payments may begin is `config.testPayments`. */
export type Providers = ReadonlyMap<ProviderName, PaymentProvider>

export function openProviders(database: Database): Providers {
  // Where no test payments are taken any more, there may be some to give back.
  const providers: PaymentProvider[] = [createTestProvider(database)]
  return new Map(providers.map((provider) => [provider.name, provider]))
}
