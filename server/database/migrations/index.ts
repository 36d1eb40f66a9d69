import type { Migration } from '../schema.ts'
import { platform } from './0001-platform.ts'
import { accounts } from './0002-accounts.ts'

/** In the order in which they are applied. */
export const migrations: readonly Migration[] = [platform, accounts]
