import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/resilience/clock.ts'

/** A clock that stands still until a test advances it. */
export class FakeClock implements Clock {
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>()
  #now = 0

  /** Timers that were neither run nor called off. */
  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Lets the time pass, and everything happen that is due meanwhile. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await setImmediate()
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at)
      if (next === undefined || next.at > end) break
      this.#timers.delete(next)
      this.#now = next.at
      next.action()
      await setImmediate()
    }
    this.#now = end
  }
}
