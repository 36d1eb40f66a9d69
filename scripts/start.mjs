// `npm start`: install when needed, build what is stale, serve. Arguments go on to `matinee serve`.
import { continueAs, prepare, root } from './bootstrap.mjs'
import { ensureWebBuilt } from './web-build.mjs'

await prepare()
await ensureWebBuilt(root)
await continueAs('server/main.ts', ['serve', ...process.argv.slice(2)])
