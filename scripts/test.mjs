// `npm test`: every test, once. Arguments go on to vitest.
import { continueAs, prepare } from './bootstrap.mjs'

await prepare()
await continueAs('node_modules/vitest/vitest.mjs', ['run', ...process.argv.slice(2)])
