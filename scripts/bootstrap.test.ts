import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const run = promisify(execFile)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matinee-bootstrap-'))
  mkdirSync(join(folder, 'scripts'))
  for (const name of ['bootstrap.mjs', 'install.mjs', 'processes.mjs', 'web-build.mjs'])
    cpSync(join(import.meta.dirname, name), join(folder, 'scripts', name))
  write(
    'scripts/go.mjs',
    `import { continueAs, prepare, root } from './bootstrap.mjs'\nimport { ensureWebBuilt } from './web-build.mjs'\nawait prepare()\nawait ensureWebBuilt(root)\nawait continueAs('main.mjs', ['one', 'two'])`,
  )
  write('main.mjs', `console.log(process.argv.slice(2).join(' '))`)
  write('npm/npm-cli.js', fakeNpm)
  lock('1.0.0')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Takes its time, like the real one, and leaves a line behind for each run. */
const fakeNpm = `
const fs = require('node:fs')
fs.appendFileSync('npm-runs', process.argv.slice(2).join(' ') + '\\n')
setTimeout(() => {
  if (fs.existsSync('npm-fails')) process.exit(7)
  fs.rmSync('node_modules', { recursive: true, force: true })
  fs.mkdirSync('node_modules')
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
}, 150)`

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function lock(version: string): void {
  write(
    'package-lock.json',
    JSON.stringify({
      packages: { '': {}, 'node_modules/thing': { version }, 'node_modules/other': { version, optional: true } },
    }),
  )
}

function go() {
  const env = { ...process.env, npm_execpath: join(folder, 'npm', 'npm-cli.js'), npm_node_execpath: process.execPath }
  return run(process.execPath, [join(folder, 'scripts', 'go.mjs')], { env })
}

function npmRuns(): number {
  return existsSync(join(folder, 'npm-runs'))
    ? readFileSync(join(folder, 'npm-runs'), 'utf8').trim().split('\n').length
    : 0
}

describe('the bootstrap', () => {
  test('installs from the lock file once, says so, and goes on with the arguments', async () => {
    const first = await go()
    expect(first.stderr).toMatch(/^matinee: installing packages.*\n$/)
    expect(first.stdout).toBe('one two\n')
    expect(readFileSync(join(folder, 'npm-runs'), 'utf8')).toMatch(/^ci --include=dev/)
    expect((await go()).stderr).toBe('')
    expect(npmRuns()).toBe(1)
  })

  test('two first starts at once install once', async () => {
    await Promise.all([go(), go(), go()])
    expect(npmRuns()).toBe(1)
  })

  test('takes over from a start that was killed while it installed', async () => {
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'exit')
    write('.cache/install.lock', String(dead.pid))
    await go()
    expect(npmRuns()).toBe(1)
  })

  test('installs again when the lock file names other versions', async () => {
    await go()
    lock('2.0.0')
    await go()
    expect(npmRuns()).toBe(2)
  })

  test('leaves an installation alone that was made by hand and fits', async () => {
    write('node_modules/.package-lock.json', readFileSync(join(folder, 'package-lock.json'), 'utf8'))
    await go()
    expect(npmRuns()).toBe(0)
  })

  test('does not touch packages behind a link', async () => {
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'node_modules'))
    const { stderr } = await go()
    expect(stderr).toContain('left alone')
    expect(npmRuns()).toBe(0)
  })

  test('passes on that npm failed, and tries again the next time', async () => {
    write('npm-fails', '')
    await expect(go()).rejects.toMatchObject({ code: 7 })
    rmSync(join(folder, 'npm-fails'))
    await go()
    expect(npmRuns()).toBe(2)
  })

  test('builds the web app when its sources change, and only then', async () => {
    await go()
    write('web/vite.config.ts', '')
    write('web/page.ts', 'one')
    write(
      'node_modules/vite/bin/vite.js',
      `
      const fs = require('node:fs')
      const out = process.argv[process.argv.indexOf('--outDir') + 1]
      fs.appendFileSync('builds', process.env.NODE_ENV + ' ')
      fs.mkdirSync(out, { recursive: true })
      fs.writeFileSync(out + '/index.html', fs.readFileSync('web/page.ts'))`,
    )
    const page = () => readFileSync(join(folder, 'web/dist/index.html'), 'utf8')
    await Promise.all([go(), go()])
    expect(page()).toBe('one')
    write('web/page.ts', 'two')
    await go()
    await go()
    expect(page()).toBe('two')
    // As for visitors, whatever the environment of who starts it says; here it is that of tests.
    expect(readFileSync(join(folder, 'builds'), 'utf8')).toBe('production production ')
  })
})
