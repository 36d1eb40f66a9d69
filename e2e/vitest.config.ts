import { defineConfig } from 'vitest/config'

/** One browser after the other: the machine that runs this may be small. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    fileParallelism: false,
    setupFiles: 'server/testing/end-children.ts',
    testTimeout: 40_000,
    hookTimeout: 60_000,
  },
})
