/** What refused requests are counted by: who sent them, where to, and with which program. */
export const dimensions = ['client', 'route', 'agent'] as const
export type Dimension = (typeof dimensions)[number]

/** A request that was refused, or would have been. */
export type Refusal = Readonly<Record<Dimension, string>>

/** How often something was refused. */
export interface Tally {
  name: string
  refused: number
}

/** Keeps count of refused requests, by hour. */
export interface Refusals {
  add(refusal: Refusal): void
  /**
   * What was refused most, the most frequent first.
   *
   * @param hours how many hours count, the present one among them
   */
  top(by: Dimension, count: number, hours: number): Promise<Tally[]>
  /** Saves what is not saved yet. */
  close(): Promise<void>
}

/** Hours that are kept. */
export const keptHours = 24

/** Names that are kept of each dimension and hour: those with the highest counts. */
export const keptNames = 1_000

/** User agents and paths may be as long as their senders like. */
const longestName = 200

/** The hour of a time in milliseconds. */
export function hourOf(time: number): number {
  return Math.floor(time / 3_600_000)
}

/** Counts by name; the rare ones are forgotten when there are too many. */
export class Tallies {
  readonly #counts = new Map<string, number>()

  add(name: string, count = 1): void {
    const short = name.slice(0, longestName)
    this.#counts.set(short, (this.#counts.get(short) ?? 0) + count)
    if (this.#counts.size <= 2 * keptNames) return
    const kept = this.top(keptNames)
    this.#counts.clear()
    for (const { name, refused } of kept) this.#counts.set(name, refused)
  }

  /** The highest counts first, then by name. */
  top(count: number): Tally[] {
    return [...this.#counts]
      .map(([name, refused]) => ({ name, refused }))
      .sort((a, b) => b.refused - a.refused || (a.name < b.name ? -1 : 1))
      .slice(0, count)
  }
}

type Hour = Readonly<Record<Dimension, Tallies>>

/** Counts in this process. */
export class MemoryRefusals implements Refusals {
  readonly #hours = new Map<number, Hour>()
  readonly #now: () => number

  /** @param now gives milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  add(refusal: Refusal): void {
    const hour = this.#present()
    for (const by of dimensions) hour[by].add(refusal[by])
  }

  async top(by: Dimension, count: number, hours: number): Promise<Tally[]> {
    const sum = new Tallies()
    const present = hourOf(this.#now())
    for (const [hour, tallies] of this.#hours) {
      if (hour <= present - hours) continue
      for (const { name, refused } of tallies[by].top(keptNames)) sum.add(name, refused)
    }
    return sum.top(count)
  }

  async close(): Promise<void> {}

  #present(): Hour {
    const present = hourOf(this.#now())
    const known = this.#hours.get(present)
    if (known !== undefined) return known
    for (const hour of this.#hours.keys()) {
      if (hour <= present - keptHours) this.#hours.delete(hour)
    }
    const hour = { client: new Tallies(), route: new Tallies(), agent: new Tallies() }
    this.#hours.set(present, hour)
    return hour
  }
}
