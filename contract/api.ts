import { accountSecurityOperations } from './account-security.ts'
import { accountOperations } from './accounts.ts'
import type { OperationShape } from './operation.ts'
import { userOperations } from './users.ts'

/** The whole contract below `/api/v1`: every operation by its id, and nothing else. */
export const api = { ...accountOperations, ...accountSecurityOperations, ...userOperations } as const satisfies Record<
  string,
  OperationShape
>

export const basePath = '/api/v1'

/** All operations as a list, in the order of the contract. */
export const operations: readonly OperationShape[] = Object.values(api)
