import { randomFrom } from '../random.ts'

/** Chance that can be repeated: the same seed gives the same throws. */
export class Dice {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = randomFrom(seed)
  }

  /** An integer from 0 up to, and without, `end`. */
  below(end: number): number {
    return Math.floor(this.#next() * end)
  }

  /** True so often of a hundred times. */
  percent(chance: number): boolean {
    return this.#next() * 100 < chance
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }

  /** `text` with `insert` at some place. */
  insertInto(text: string, insert: string): string {
    const at = this.below(text.length + 1)
    return text.slice(0, at) + insert + text.slice(at)
  }
}
