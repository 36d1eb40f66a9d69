// What package.json, the lock file and the record of decisions must agree on. Needs no network.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './bootstrap.mjs'

/**
 * @typedef {{ version?: string, resolved?: string, dev?: boolean, devOptional?: boolean, hasInstallScript?: boolean,
 *   dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} LockEntry
 */

/**
 * Names of the direct dependencies that are not pinned to one version.
 * @param {Record<string, string>} direct
 */
export function unpinned(direct) {
  return Object.entries(direct).flatMap(([name, version]) =>
    /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) ? [] : [`${name} is not pinned to one version: ${version}`],
  )
}

/**
 * A lock file that lacks packages for another platform is refused there by `npm ci`; one that names where packages came
 * from works only there; a package for production with an install script would not be set up.
 * @param {Record<string, LockEntry>} packages
 */
export function lockProblems(packages) {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const wanted = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
    const missing = wanted.filter((name) => !placesOf(path, name).some((place) => packages[place]?.version))
    const problems = missing.map((name) => `the lock file lacks ${name}, which ${path || 'package.json'} needs`)
    if (entry.resolved) problems.push(`the lock file says where ${path} came from`)
    if (entry.hasInstallScript && !entry.dev && !entry.devOptional) problems.push(`${path} has an install script`)
    return problems
  })
}

/**
 * Where npm may have put a package that the one at `path` needs.
 * @param {string} path
 * @param {string} name
 * @returns {string[]}
 */
function placesOf(path, name) {
  const here = `${path === '' ? '' : `${path}/`}node_modules/${name}`
  if (path === '') return [here]
  const end = path.lastIndexOf('/node_modules/')
  return [here, ...placesOf(end < 0 ? '' : path.slice(0, end), name)]
}

/**
 * Every direct dependency has its row in the record, and the record has no other.
 * @param {Record<string, string>} direct
 * @param {string} record
 */
export function recordProblems(direct, record) {
  const named = new Set([...record.matchAll(/^\| `([^`]+)` +\|/gm)].map((match) => match[1]))
  const missing = Object.keys(direct).filter((name) => !named.has(name))
  const gone = [...named].filter((name) => name !== undefined && !(name in direct))
  return [
    ...missing.map((name) => `docs/decisions/0003-dependencies.md does not say why ${name} is there`),
    ...gone.map((name) => `docs/decisions/0003-dependencies.md names ${name}, which is not in package.json`),
  ]
}

function allProblems() {
  const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8')
  const manifest = JSON.parse(read('package.json'))
  const direct = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }
  return [
    ...unpinned(direct),
    ...lockProblems(JSON.parse(read('package-lock.json')).packages),
    ...recordProblems(direct, read('docs/decisions/0003-dependencies.md')),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = allProblems()
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
