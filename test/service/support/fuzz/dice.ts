/** Random choices that can be repeated: the same seed makes the same ones. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** An integer from 0 up to but not including `end`. */
  below(end: number): number {
    return Math.floor(this.#next() * end)
  }

  /** True in `chance` of 100 cases. */
  percent(chance: number): boolean {
    return this.#next() * 100 < chance
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }

  /** `text` with `insert` somewhere in it. */
  insertInto(text: string, insert: string): string {
    const at = this.below(text.length + 1)
    return text.slice(0, at) + insert + text.slice(at)
  }

  /** From 0 up to but not including 1 (mulberry32). */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
