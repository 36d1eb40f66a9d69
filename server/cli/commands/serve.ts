import type { Command } from '../command.ts'
import { fail } from '../output.ts'
import { CannotStart, serveUntilSignal } from '../serve.ts'
import { withConfig } from '../with-database.ts'

export const command: Command = {
  name: 'serve',
  summary: 'Start the server',
  description: [
    'Serves the API and the web app until SIGTERM or SIGINT, then lets running requests finish. Applies missing migrations first.',
  ],
  operands: [],
  options: {
    port: {
      kind: 'number',
      placeholder: 'NUMBER',
      description: 'the port to listen on (PORT, 8000); 0 takes any free one',
      between: [0, 65_535],
    },
    host: { kind: 'text', placeholder: 'ADDRESS', description: 'the address to listen on (HOST, 127.0.0.1)' },
  },
  examples: ['matinee serve --port 8080'],
  async run(invocation, environment) {
    const port = invocation.text('port')
    const host = invocation.text('host')
    const variables = {
      ...environment.variables,
      ...(port !== undefined && { PORT: port }),
      ...(host !== undefined && { HOST: host }),
    }
    return await withConfig({ ...environment, variables }, async (config) => {
      try {
        return (await serveUntilSignal(config)) === 0 ? 0 : 1
      } catch (error) {
        if (error instanceof CannotStart) return fail(environment.errors, error.message)
        throw error
      }
    })
  },
}
