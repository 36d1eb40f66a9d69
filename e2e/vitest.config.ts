import { defineConfig } from 'vitest/config'

/** Two files at a time, each with a house and a browser of its own: a file by itself mostly waits, and leaves one of two processors idle. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    maxWorkers: 2,
    globalSetup: 'e2e/postgres.ts',
    setupFiles: 'server/testing/end-children.ts',
    // Whatever hangs is stopped by what it waits for, after 30 s: a test that is merely slow is on a busy machine.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // As long as the browser itself waits for what it is to see; vitest's own second is less than a busy machine needs.
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
})
