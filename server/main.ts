import { run } from './cli/commands.ts'
import { readEnvironment } from './config.ts'

/** The command line; `npm start` is `serve`. */
process.exit(
  await run(process.argv.slice(2), {
    variables: readEnvironment(process.cwd(), process.env),
    output: process.stdout,
    errors: process.stderr,
  }),
)
