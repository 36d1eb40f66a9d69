/** Batches of a queue that are under way at once: while one waits for its commit the next is being read. */
const batchesAtOnce = 2

export interface BatchPace<Member> {
  /** Members of one batch at most; more wait for the next. */
  readonly size: number
  /** Members that are worth a batch of their own while another one is under way. */
  readonly worthABatch: number
  /** Answers each of its members; never rejects. */
  readonly run: (members: readonly Member[]) => Promise<void>
  /** What a member is about: the second about the same thing waits until the first is done. Without it nobody waits for another. */
  readonly about?: (member: Member) => string
}

/** Who waits together shares a batch. A single one waits for nobody. */
export class BatchQueue<Member> {
  readonly #pace: BatchPace<Member>
  #waiting: Member[] = []
  #running = 0
  /** What those who run now are about. */
  readonly #underWay = new Set<string>()

  constructor(pace: BatchPace<Member>) {
    this.#pace = pace
  }

  add(member: Member): void {
    this.#waiting.push(member)
    const isWorthIt = this.#running === 0 || this.#waiting.length >= this.#pace.worthABatch
    if (this.#running < batchesAtOnce && isWorthIt) void this.#work()
  }

  async #work(): Promise<void> {
    const { about } = this.#pace
    this.#running += 1
    // After the sockets that are ready have been read: everybody of this turn of the loop shares a batch.
    await new Promise((resume) => setImmediate(resume))
    for (let members = this.#take(); members.length > 0; members = this.#take()) {
      await this.#pace.run(members)
      if (about) for (const member of members) this.#underWay.delete(about(member))
    }
    this.#running -= 1
  }

  #take(): Member[] {
    const { size, about } = this.#pace
    if (!about) return this.#waiting.splice(0, size)
    const taken: Member[] = []
    const left: Member[] = []
    for (const member of this.#waiting) {
      const key = about(member)
      if (taken.length < size && !this.#underWay.has(key)) {
        this.#underWay.add(key)
        taken.push(member)
      } else left.push(member)
    }
    this.#waiting = left
    return taken
  }
}
