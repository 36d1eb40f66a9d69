// `npm run test:e2e`: the web app in a browser, freshly built. Arguments go on to vitest.
import { continueAs, prepare, root } from './bootstrap.mjs'
import { ensureWebBuilt } from './web-build.mjs'

await prepare()
await ensureWebBuilt(root)
await continueAs('node_modules/vitest/vitest.mjs', [
  'run',
  '--config',
  'e2e/vitest.config.ts',
  ...process.argv.slice(2),
])
