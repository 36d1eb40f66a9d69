import { run } from './cli/commands.ts'
import { readEnvironment } from './config.ts'

// A reader that has seen enough (`matinee audit | head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
}

/** The command line; `npm start` is `serve`. */
process.exit(
  await run(process.argv.slice(2), {
    variables: readEnvironment(process.cwd(), process.env),
    output: process.stdout,
    errors: process.stderr,
  }),
)
