import { dayBefore, dayOfUtc } from '../../payments/reconcile-daily.ts'
import { openProviders } from '../../payments/providers.ts'
import { ProviderError } from '../../payments/provider.ts'
import { reconcile } from '../../payments/reconcile.ts'
import type { Difference, Moved, ReconciledSum, Reconciliation } from '../../payments/reconcile.ts'
import { isDay } from '../../platform/time.ts'
import type { Command, Environment, ExitCode } from '../command.ts'
import { count, fail, printable, wrap } from '../output.ts'
import { withDatabase } from '../with-database.ts'

export const command: Command = {
  name: 'reconcile',
  summary: 'Compare the books with the payment providers',
  description: [
    'Asks each payment provider for its list of a period and names every difference from the ledger of money: what stands on one side only, other amounts or currencies, and money that the provider has let go. What providers kept for themselves and paid out is booked from their statements, each line once; nothing else changes. It may run beside the server.',
    'Exit codes: 0 both agree, 1 they differ and each difference is named, 2 a provider could not be asked.',
  ],
  operands: [],
  options: {
    from: { kind: 'text', placeholder: 'DAY', description: 'the first day, UTC (2026-12-01); yesterday where silent' },
    to: { kind: 'text', placeholder: 'DAY', description: 'the last day; the first one where silent' },
    json: { kind: 'flag', description: 'the whole comparison as one JSON document' },
  },
  examples: ['matinee reconcile', 'matinee reconcile --from 2026-12-01 --to 2026-12-31 --json'],
  run: async (invocation, environment) =>
    await withDatabase(environment, async ({ config, database, clock }) => {
      const from = invocation.text('from') ?? invocation.text('to') ?? dayBefore(clock.now())
      const to = invocation.text('to') ?? from
      if (!isDay(from) || !isDay(to) || from > to) {
        fail(environment.errors, 'A period is two days such as 2026-12-01, the earlier one first.')
        return 2
      }
      try {
        const period = { from: dayOfUtc(from).from, to: dayOfUtc(to).to }
        return tell(
          await reconcile(database, openProviders(config, database), period),
          invocation.flag('json'),
          environment,
        )
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        fail(environment.errors, `A provider could not be asked: ${error.message}`)
        return 2
      }
    }),
}

function tell(result: Reconciliation, json: boolean, { output }: Environment): ExitCode {
  output.write(json ? `${JSON.stringify(result, null, 2)}\n` : inWords(result))
  return result.differences.length === 0 ? 0 : 1
}

function inWords({ sums, differences }: Reconciliation): string {
  const head = `${'provider'.padEnd(12)}${'movement'.padEnd(16)}${''.padEnd(4)}${'in our books'.padStart(24)}${'at the provider'.padStart(24)}`
  const verdict =
    differences.length === 0
      ? 'The books and the providers agree.'
      : `The books and the providers differ: ${count(differences.length, 'difference')}.`
  return [head, ...sums.map(rowOf), ...differences.map(lineOf), verdict, ''].join('\n')
}

function rowOf({ provider, kind, currency, hereMinor, thereMinor }: ReconciledSum): string {
  const amount = (minor: number) => minor.toLocaleString('en').padStart(24)
  return `${provider.padEnd(12)}${kind.padEnd(16)}${currency.padEnd(4)}${amount(hereMinor)}${amount(thereMinor)}`
}

const problems: Readonly<Record<Difference['problem'], string>> = {
  only_here: 'the provider does not know it',
  only_there: 'our books do not have it',
  amount: 'another amount',
  currency: 'another currency',
  state: 'the provider has let it go',
}

function lineOf({ paymentId, providerRef, kind, problem, here, there }: Difference): string {
  const isOfStatement = kind === 'fee' || kind === 'payout'
  const sum = (moved: Moved | null) => (moved ? `${moved.amountMinor} ${moved.currency}` : 'nothing')
  const named = isOfStatement ? printable(providerRef) : paymentId
  const which = named ?? `a payment that is not ours (${printable(providerRef)})`
  return wrap(`DIFFERS ${kind} of ${which}: ${problems[problem]}; ours ${sum(here)}, theirs ${sum(there)}`, 8, 0)
}
