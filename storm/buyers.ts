import { setTimeout as pause } from 'node:timers/promises'
import type { Acknowledged } from '../server/audit/journal.ts'
import { chance } from './chance.ts'
import { count } from './client.ts'
import type { Client, Heard } from './client.ts'
import type { Acknowledge, NextStep, Purchase, Shop, Step } from './purchase.ts'

/** What clients have seen, all in all. */
export interface Journal {
  readonly purchases: Purchase[]
  /** In the order in which it was acknowledged, for the audit. */
  readonly acknowledged: Acknowledged[]
  /** One key answered in two ways, one ticket let in twice: what was done twice, as a client sees it. */
  readonly doubles: string[]
  /** Whatever else may never be answered. */
  readonly faults: string[]
  /** Lawful refusals by code. */
  readonly refused: Map<string, number>
  /** Answers that were kept for a key and given again. */
  replayed: number
  doubleClicks: number
}

export function emptyJournal(): Journal {
  return { purchases: [], acknowledged: [], doubles: [], faults: [], refused: new Map(), replayed: 0, doubleClicks: 0 }
}

export interface Habits {
  /** Longest pause before a step, milliseconds. */
  readonly hesitationMs: number
  /** Share of steps that are clicked twice at once, and of those that are sent once more when they are done. */
  readonly doubleClicks: number
}

/** How far two clocks on one machine are apart when one says "expired", milliseconds. */
const clockToleranceMs = 50

/** Buys until it is told to stop; every answer that is not known is asked for until it is. */
export async function buyOn(
  client: Client,
  journal: Journal,
  { shop, nextStep }: { readonly shop: Shop; readonly nextStep: NextStep },
  name: string,
  habits: Habits,
  isStopped: () => boolean,
): Promise<void> {
  const acknowledge: Acknowledge = (table, id, confirmed = false) =>
    journal.acknowledged.push({ line: journal.acknowledged.length + 1, table, id: String(id), confirmed })
  for (let round = 0; !isStopped(); round += 1) {
    const purchase: Purchase = { name: `${name}.${round}` }
    journal.purchases.push(purchase)
    for (;;) {
      const step = nextStep(purchase, shop, acknowledge)
      if (!step) break
      const hesitation = chance(purchase.name, `hesitate ${step.request.path}`) * habits.hesitationMs
      await pause(Math.max(hesitation, (step.notBefore ?? 0) - Date.now()))
      step.before?.()
      const heard = await ask(client, journal, step, purchase.name, habits)
      if (!take(journal, purchase, step, heard)) break
    }
  }
}

/** Sends a step; sometimes twice at once, as people do, and sometimes once more when it is done. One key has one answer. */
async function ask(client: Client, journal: Journal, step: Step, name: string, habits: Habits): Promise<Heard> {
  const { request } = step
  const luck = request.key === undefined ? 1 : chance(name, `double ${request.path}`)
  if (luck >= habits.doubleClicks * 2) {
    const heard = await client.settle(request)
    if (heard.replayed) journal.replayed += 1
    return heard
  }
  journal.doubleClicks += 1
  const answers =
    luck < habits.doubleClicks
      ? await Promise.all([client.settle(request), client.settle(request)])
      : [await client.settle(request), await client.settle(request)]
  journal.replayed += answers.filter(({ replayed }) => replayed).length
  const done = answers.filter(({ status }) => status < 300)
  const [first] = done
  if (first && done.some(({ text }) => text !== first.text)) {
    journal.doubles.push(
      `${request.path} with the key "${request.key}" has two answers: ${done.map(({ text }) => text).join(' and ')}`,
    )
  }
  const heard = first ?? answers[0]
  if (!heard) throw new Error('Two clicks have two answers')
  return heard
}

/** Notes an answer; false is the end of this purchase. */
function take(journal: Journal, purchase: Purchase, step: Step, { status, body, text }: Heard): boolean {
  const { request, onlyRefusal, refusals, lapsesAt } = step
  const what = `${request.method} ${request.path}: ${status} ${text.slice(0, 300)}`
  if (status < 300) {
    step.note(body)
    if (onlyRefusal !== undefined) journal.doubles.push(`${what}, where only ${onlyRefusal} is right`)
    return onlyRefusal === undefined
  }
  const code = String(body['code'])
  count(journal.refused, code)
  if (step.noteRefusal && (code === onlyRefusal || step.goesOnAfter?.includes(code))) {
    step.noteRefusal(body)
    return true
  }
  const isLapse = lapsesAt !== undefined && refusals.includes(code)
  if (isLapse) purchase.lapsed = true
  const early = isLapse && Date.now() < lapsesAt - clockToleranceMs
  if (early || (code !== onlyRefusal && !refusals.includes(code))) journal.faults.push(what)
  return false
}
