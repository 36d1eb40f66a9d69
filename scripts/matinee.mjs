#!/usr/bin/env node
// `npx matinee …`: the command line, on whatever Node the machine has.
import { continueAs, prepare, root } from './bootstrap.mjs'
import { ensureWebBuilt } from './web-build.mjs'

const args = process.argv.slice(2)
await prepare()
if (args[0] === 'serve') await ensureWebBuilt(root)
await continueAs('server/main.ts', args)
