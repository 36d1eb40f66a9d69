const mostListeners = 20_000
/** Of them, from one address: whoever opens as many as it can leaves room for others. */
const mostOfAddress = 500

/** How many listen to seats, in all and, where limits are on, from each address. */
export class Listeners {
  readonly #byAddress: Map<string, number> | null
  #count = 0

  constructor(limited: boolean) {
    this.#byAddress = limited ? new Map() : null
  }

  get count(): number {
    return this.#count
  }

  /** Whether there is no room for one more from an address. */
  isFullFor(address: string): boolean {
    return this.#count >= mostListeners || (this.#byAddress?.get(address) ?? 0) >= mostOfAddress
  }

  add(address: string): void {
    this.#count += 1
    this.#byAddress?.set(address, (this.#byAddress.get(address) ?? 0) + 1)
  }

  remove(address: string): void {
    this.#count -= 1
    const left = (this.#byAddress?.get(address) ?? 0) - 1
    if (left > 0) this.#byAddress?.set(address, left)
    else this.#byAddress?.delete(address)
  }
}
