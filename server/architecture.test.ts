import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The slices from left to right: each may import what stands to its left. */
const order =
  `platform database jobs http accounts catalogue venues showtimes waiting-room holds promotions money-ledger payments tickets bookings
  door events audit notifications reports storefront`.split(/\s+/)
/** Where it all comes together: these may import anything below `server/`. */
const free = [
  'cli',
  'testing',
  'app.ts',
  'slices.ts',
  'rounds.ts',
  'config-payments.ts',
  'config-tracing.ts',
  'config-wallets.ts',
  'main.ts',
  'openapi.ts',
]

/** What a model may not run: files, sockets, SQL, a server. Types of rows are fine, they are gone when it runs. */
const inputAndOutput = /^(node:(?!crypto|util)|kysely|pg$|fastify|server\/database\/)|\/store\.ts$/

/** What is wrong with the imports (and the clock) of one file, a line each. */
function violationsOf(path: string, source: string): string[] {
  const [area, room = ''] = path.split('/')
  const imports = source.matchAll(/(import type\b[^']*|\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g)
  const found = [...imports].flatMap(([, how = '', target = '']) => {
    const inner = target.startsWith('.') ? normalize(join(dirname(path), target)) : target
    const [toArea = '', toRoom = ''] = inner.split('/')
    if (path.endsWith('/model.ts') && !how.startsWith('import type') && inputAndOutput.test(inner)) {
      return `${path} is a model and imports ${inner}`
    }
    if (inner === target || toArea === 'contract' || (toArea === area && area !== 'server')) return []
    if (area !== 'server' || toArea !== 'server') return `${path} imports ${inner}`
    if (free.includes(room) || toRoom === 'config.ts' || room === 'config.ts') return []
    const allowed = order.includes(room) && order.includes(toRoom) && order.indexOf(toRoom) <= order.indexOf(room)
    return allowed ? [] : `${path} imports ${inner}`
  })
  const readsClock = area !== 'web' && /\bDate\.now\(|\bTemporal\.Now\b|new Date\(\)/.test(source)
  return readsClock && path !== 'server/platform/clock.ts' ? [...found, `${path} reads the clock`] : found
}

describe('the architecture', () => {
  test('slices import leftwards, models do no I/O, and one file reads the clock', () => {
    const files = globSync('{contract,server,web}/**/*.{ts,tsx}', {
      exclude: ['**/*.test.*', 'web/dist/**', 'web/vite.config.ts'],
    })
    expect(files.flatMap((path) => violationsOf(path, readFileSync(path, 'utf8')))).toEqual([])
  })

  test.each([
    ['server/holds/place-hold.ts', "import { x } from '../bookings/model.ts'"],
    ['server/platform/ids.ts', "import type { Database } from '../database/database.ts'"],
    ['server/holds/x.ts', "await import('../app.ts')"],
    ['server/kiosk/x.ts', "import { x } from '../platform/ids.ts'"],
    ['contract/holds.ts', "import '../server/platform/ids.ts'"],
    ['web/routes/home.tsx', "import { x } from '../../server/holds/model.ts'"],
    ['server/holds/model.ts', "import { readFileSync } from 'node:fs'"],
    ['server/holds/model.ts', "import { findHold } from './store.ts'"],
    ['server/holds/model.ts', "import { sql } from '../database/sql.ts'"],
    ['server/holds/expire.ts', 'const now = Date.now()'],
  ])('notices in %s: %s', (path, source) => {
    expect(violationsOf(path, source)).toHaveLength(1)
  })

  test.each([
    ['server/bookings/pay.ts', "import { x } from '../holds/model.ts'\nimport { y } from '../../contract/api.ts'"],
    ['server/holds/model.ts', "import type { HoldRow } from '../database/tables/holds.ts'"],
    ['server/platform/clock.ts', 'return Date.now()'],
    ['web/routes/home.tsx', "import { api } from '../api.ts'\nimport { useState } from 'react'"],
  ])('allows %s', (path, source) => {
    expect(violationsOf(path, source)).toEqual([])
  })
})
