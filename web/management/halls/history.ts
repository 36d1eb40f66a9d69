/** What was done, and what was undone and can be done again. */
export interface History<State> {
  readonly past: readonly State[]
  readonly present: State
  readonly future: readonly State[]
}

/** More steps back nobody takes; each shares its rows with the next. */
const steps = 200

export function begin<State>(present: State): History<State> {
  return { past: [], present, future: [] }
}

/** One more step; a step that changes nothing is none. */
export function take<State>(history: History<State>, present: State): History<State> {
  if (present === history.present) return history
  return { past: [...history.past, history.present].slice(-steps), present, future: [] }
}

export function undo<State>(history: History<State>): History<State> {
  const present = history.past.at(-1)
  if (present === undefined) return history
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] }
}

export function redo<State>(history: History<State>): History<State> {
  const [present, ...future] = history.future
  return present === undefined ? history : { past: [...history.past, history.present], present, future }
}
