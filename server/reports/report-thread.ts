import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../database/open.ts'
import type { DatabaseLocation } from '../database/open.ts'
import { must } from '../platform/assert.ts'
import { createSystemClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import type { FromThread, ToThread } from './report-desk.ts'
import { writeReport } from './write-report.ts'

/*
 * Runs beside the server, with a connection of its own: adding up a million rows would hold up its event loop. One report
 * at a time; so many pieces are sent ahead of their reader, and the next one waits.
 */
const piecesAhead = 4
const pieceLength = 64 * 1024

const port = must(parentPort, 'This is a thread')
const location: DatabaseLocation = workerData
const database = openDatabase(location, createSystemClock(), createLog('silent'))
let ahead = 0
let wanted: () => void = () => {}

port.on('message', (message: ToThread) => {
  if (message.kind === 'more') {
    ahead -= 1
    wanted()
    return
  }
  ahead = 0
  void answer(message)
})

async function answer({ order }: Extract<ToThread, { kind: 'order' }>): Promise<void> {
  let waiting = ''
  try {
    await writeReport(database, order, async (text) => {
      waiting += text
      if (waiting.length < pieceLength) return
      await send(waiting)
      waiting = ''
    })
    await send(waiting)
    tell({ kind: 'end' })
  } catch (error) {
    tell({ kind: 'error', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

async function send(text: string): Promise<void> {
  while (ahead >= piecesAhead) await new Promise<void>((resume) => (wanted = resume))
  ahead += 1
  const bytes = new TextEncoder().encode(text)
  tell({ kind: 'piece', bytes }, [bytes.buffer])
}

function tell(message: FromThread, moved: ArrayBuffer[] = []): void {
  port.postMessage(message, moved)
}
