import type { Config } from '../../config.ts'
import type { Command } from '../command.ts'
import { fail } from '../output.ts'
import { CannotStart, serveUntilSignal } from '../serve.ts'
import { withConfig } from '../with-database.ts'
import { serveAsWorker, serveWithWorkers, workerPlace } from '../workers.ts'

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
    workers: {
      kind: 'number',
      placeholder: 'NUMBER',
      description: 'how many processes share the port (WORKERS, 1); more than one needs PostgreSQL',
      between: [1, 64],
    },
    host: { kind: 'text', placeholder: 'ADDRESS', description: 'the address to listen on (HOST, 127.0.0.1)' },
  },
  examples: ['matinee serve --port 8080', 'matinee serve --workers 4'],
  async run(invocation, environment) {
    const port = invocation.text('port')
    const host = invocation.text('host')
    const workers = invocation.text('workers')
    const place = workerPlace(environment.variables)
    const variables = {
      ...environment.variables,
      ...(port !== undefined && { PORT: port }),
      ...(host !== undefined && { HOST: host }),
      ...(workers !== undefined && { WORKERS: workers }),
    }
    return await withConfig({ ...environment, variables }, async (config) => {
      try {
        return (await serve(config, place)) === 0 ? 0 : 1
      } catch (error) {
        if (error instanceof CannotStart) return fail(environment.errors, error.message)
        throw error
      }
    })
  },
}

async function serve(config: Config, place: number | null): Promise<number> {
  if (place !== null) return await serveAsWorker(config, place)
  return config.workers > 1 ? await serveWithWorkers(config) : await serveUntilSignal(config)
}
