// `npm run test:e2e`: the web app in a browser, freshly built; with `-- --engine postgres` on PostgreSQL. Other arguments go on to vitest.
import { continueAs, prepare, root } from './bootstrap.mjs'
import { stop } from './processes.mjs'
import { ensureWebBuilt } from './web-build.mjs'

await prepare()
const args = process.argv.slice(2)
const at = args.indexOf('--engine')
const [, engine = 'sqlite'] = at === -1 ? [] : args.splice(at, 2)
if (engine !== 'sqlite' && engine !== 'postgres') stop('--engine is sqlite or postgres')
process.env.E2E_ENGINE = engine
await ensureWebBuilt(root)
await continueAs('node_modules/vitest/vitest.mjs', ['run', '--config', 'e2e/vitest.config.ts', ...args])
