import pg from 'pg'
import { expect, it } from 'vitest'
import { translatedPostgres } from './postgres-errors.ts'

/** By SQLSTATE, as in PostgreSQL's appendix A. */
it.each([
  ['25P03', 'DatabaseBusy', 'a transaction whose next statement the network kept back'],
  ['57P01', 'DatabaseBusy', 'a server that goes down'],
  ['40P01', 'DatabaseBusy', 'a deadlock'],
  ['53100', 'StorageFull', 'a full disk'],
  ['58030', 'StorageFailed', 'a disk that cannot be read'],
  ['XX001', 'DatabaseDamaged', 'a damaged page'],
  ['XX002', 'DatabaseDamaged', 'a damaged index'],
])('%s is told as %s: %s', (state, name) => {
  const error = new pg.DatabaseError('as PostgreSQL says it', 0, 'error')
  error.code = state
  const told = translatedPostgres(error)
  expect(told).toMatchObject({ name, cause: error })
})
