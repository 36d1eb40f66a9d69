import type { Transaction } from '../database/database.ts'
import { insertRows } from '../database/rows.ts'
import type { Posting } from './model.ts'

/**
 * Writes into the ledger of money, in the transaction of the act itself: sent, and not waited for before the commit. The same
 * act twice fails by the primary key.
 */
export function post(tx: Transaction, postings: readonly Posting[]): void {
  insertRows(tx, 'moneyPostings', postings)
}
