/**
 * A map whose entries weigh at most `size`, one each unless they are weighed. The entries that were
 * used last stay: a young half takes what is used, and when it is full the old half, with what was
 * not used meanwhile, is dropped at once. Only an entry that alone is heavier than a half is kept
 * beyond that.
 */
export class BoundedMap<V> {
  readonly #half: number
  readonly #weigh: (value: V) => number
  /** At least that of the young half: what became lighter is weighed again when it looks full. */
  #weight = 0
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  constructor(size: number, weigh: (value: V) => number = () => 1) {
    this.#half = Math.floor(size / 2)
    this.#weigh = weigh
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old === undefined) return undefined
    this.#old.delete(key)
    this.set(key, old)
    return old
  }

  /** @param growth by how much the value is heavier than when it was set last */
  set(key: string, value: V, growth?: number): void {
    this.#weight += growth ?? (this.#young.has(key) ? 0 : this.#weigh(value))
    this.#old.delete(key)
    this.#young.set(key, value)
    if (this.#weight > this.#half) this.#makeRoom(key, value)
  }

  #makeRoom(key: string, value: V): void {
    let weight = 0
    for (const each of this.#young.values()) weight += this.#weigh(each)
    this.#weight = weight
    // Nearly full would soon be weighed again.
    if (weight <= this.#half / 2) return
    this.#young.delete(key)
    this.#old = this.#young
    this.#young = new Map([[key, value]])
    this.#weight = this.#weigh(value)
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
