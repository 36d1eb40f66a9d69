/** Something that was done, and how it is taken back. */
export interface Deed {
  readonly text: string
  /** Answers whether it is taken back; false when something else is to be decided first. */
  readonly undo: () => Promise<boolean>
}

/** As far back as anybody remembers. */
const mostDeeds = 50

/** What was done here, the last on top. */
export type Deeds = readonly Deed[]

export function withDeed(deeds: Deeds, deed: Deed): Deeds {
  return [...deeds, deed].slice(-mostDeeds)
}

/** The last deed, and what remains below it; nothing when nothing was done. */
export function takeLast(deeds: Deeds): { readonly last: Deed | undefined; readonly rest: Deeds } {
  return { last: deeds.at(-1), rest: deeds.slice(0, -1) }
}
