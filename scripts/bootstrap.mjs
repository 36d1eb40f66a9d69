// Runs on any Node from 20 on, before anything is installed: no dependency, nothing newer than Node 20 knows.
import * as nodeModule from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureInstalled, machine, nodeMajor, projectNode, projectNodeMajor } from './install.mjs'
import { runForwardingSignals, stop } from './processes.mjs'

const hostNodeMajor = 20
const parentWatchMilliseconds = 250

/** The folder of the checkout, absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * What every command does first: the packages are those of the lock file, and the process is Node 26. On another Node
 * it hands over to a child that runs the same script, and does not return.
 */
export async function prepare() {
  if (nodeMajor() < hostNodeMajor) stop(`needs Node ${hostNodeMajor} or newer to start, this is ${process.version}`)
  await ensureInstalled(root)
  leaveWithParent()
  if (nodeMajor() < projectNodeMajor) await handOver(root)
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

/**
 * Ends this process, as if told to, when the one that started it is gone: another bootstrap (even by SIGKILL: the channel
 * between them closes), or npm, whose shell keeps signals to itself.
 */
export function leaveWithParent() {
  const leave = () => {
    if (!process.emit('SIGTERM', 'SIGTERM', constants.signals.SIGTERM)) process.exit(128 + constants.signals.SIGTERM)
  }
  if (process.channel) {
    process.once('disconnect', () => {
      // A server listens for this itself.
      if (process.listenerCount('disconnect') === 0) leave()
    })
    process.channel.unref()
  } else if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      leave()
    }, parentWatchMilliseconds)
    watch.unref()
  }
}
