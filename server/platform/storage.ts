import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { assert } from './assert.ts'

/** Where files lie that are too large for the database: pictures. A name says what is in it, so nothing is ever overwritten. */
export interface Storage {
  /** Keeps bytes under a name such as `posters/3f…/720.jpg`; keeping the same again does no harm. */
  put(name: string, bytes: Uint8Array): Promise<void>
  /** The bytes under a name, or null. */
  get(name: string): Promise<Buffer | null>
  /** Keeps it no more; what is not there is as good. */
  remove(name: string): Promise<void>
}

/** The place where files lie does not do what it is asked. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable'
}

/** Names are ours and never a user's; all the same, none may lead out of the folder. */
const lawfulName = /^[a-z0-9-]+(\/[a-z0-9-]+)*\.[a-z0-9]+$/

export function createFolderStorage(folder: string): Storage {
  const pathOf = (name: string) => {
    assert(lawfulName.test(name), 'A stored file has a lawful name')
    return join(folder, name)
  }
  return {
    async put(name, bytes) {
      const path = pathOf(name)
      const half = `${path}.${randomUUID()}`
      await mkdir(dirname(path), { recursive: true })
      try {
        await writeFile(half, bytes, { flush: true })
        await rename(half, path)
      } catch (error) {
        await rm(half, { force: true })
        throw new StorageUnavailable(`${name} could not be written`, { cause: error })
      }
    },
    async get(name) {
      try {
        return await readFile(pathOf(name))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
    async remove(name) {
      await rm(pathOf(name), { force: true })
    },
  }
}
