import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join, relative } from 'node:path'
import { readIfThere, runForwardingSignals, say, stop, withLock } from './processes.mjs'

const limitMilliseconds = 5 * 60_000

/**
 * Builds the web app when its sources have changed since the last build: into a folder of its own, then renamed.
 * @param {string} folder
 */
export async function ensureWebBuilt(folder) {
  if (!fs.existsSync(join(folder, 'web', 'vite.config.ts')) || isWebBuilt(folder)) return
  const vite = join(folder, 'node_modules', 'vite', 'bin', 'vite.js')
  if (!fs.existsSync(vite)) {
    say('the web app is not up to date and its build tools are not installed')
    return
  }
  const cache = join(folder, '.cache')
  await withLock(join(cache, 'web.lock'), limitMilliseconds, async () => {
    if (isWebBuilt(folder)) return
    say('building the web app …')
    const fresh = join(cache, 'web-fresh')
    const old = join(cache, 'web-old')
    for (const path of [fresh, old]) fs.rmSync(path, { recursive: true, force: true })
    const stamp = webStamp(folder)
    const args = [vite, 'build', join(folder, 'web'), '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']
    const code = await runForwardingSignals(process.execPath, args, {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      // Whatever the server is to run as: in development React would be the one that checks everything, half as large again.
      env: { ...process.env, NODE_ENV: 'production' },
    })
    if (code !== 0) stop('the web app could not be built; the lines above say why', code)
    fs.writeFileSync(join(fresh, '.stamp'), stamp)
    const dist = join(folder, 'web', 'dist')
    if (fs.existsSync(dist)) fs.renameSync(dist, old)
    fs.renameSync(fresh, dist)
    fs.rmSync(old, { recursive: true, force: true })
  })
}

/** @param {string} folder */
function isWebBuilt(folder) {
  return readIfThere(join(folder, 'web', 'dist', '.stamp')) === webStamp(folder)
}

/** @param {string} folder */
function webStamp(folder) {
  const hash = createHash('sha256')
  const files = ['web', 'contract'].flatMap((name) => filesBelow(join(folder, name)))
  for (const path of [join(folder, 'package-lock.json'), ...files.toSorted()]) {
    hash
      .update(`${relative(folder, path)}\0`)
      .update(fs.readFileSync(path))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : filesBelow(path)
    return entry.isFile() && !entry.name.includes('.test.') ? [path] : []
  })
}
