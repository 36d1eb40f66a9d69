import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const everywhere = { testTimeout: 30_000, hookTimeout: 60_000 }
const withoutDatabase = ['server/architecture.test.ts']

export default defineConfig({
  test: {
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: process.env.CI ? ['default', './scripts/count-reporter.ts'] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['contract/**/*.ts', 'server/**/*.ts'],
      exclude: ['server/testing/**'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        test: {
          ...everywhere,
          name: 'server',
          include: ['{server,storm,faults,fuzz}/**/*.test.ts'],
          exclude: withoutDatabase,
          globalSetup: 'server/testing/postgres-for-tests.ts',
          setupFiles: 'server/testing/end-children.ts',
        },
      },
      {
        test: {
          ...everywhere,
          name: 'house',
          include: [...withoutDatabase, '{contract,scripts,web}/**/*.test.{ts,tsx}'],
          exclude: ['web/dist/**'],
        },
      },
    ],
  },
})
