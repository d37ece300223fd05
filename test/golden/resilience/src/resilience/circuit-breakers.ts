import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts'
import type { CircuitStats, StateChange } from './circuit-state.ts'

/** A name is a label of metrics and a part of a path. */
const acceptable = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** The circuit breakers of a service, one a callee, by name. */
export class CircuitBreakers {
  readonly #defaults: CircuitBreakerOptions
  readonly #changed: (change: StateChange) => void
  readonly #breakers = new Map<string, CircuitBreaker>()

  /** @param changed is told every change of state of every breaker; must not throw */
  constructor(defaults: CircuitBreakerOptions = {}, changed: (change: StateChange) => void) {
    this.#defaults = defaults
    this.#changed = changed
  }

  /**
   * Makes the breaker of a callee, once, where the policy for that callee is made.
   *
   * @param options what differs from the defaults
   * @throws {Error} for a name that is taken or not made of a-z, 0-9, `.`, `_` and `-`
   */
  create(name: string, options: CircuitBreakerOptions = {}): CircuitBreaker {
    if (!acceptable.test(name)) throw new Error(`${JSON.stringify(name)} cannot name a circuit.`)
    if (this.#breakers.has(name)) throw new Error(`There is a circuit ${name} already.`)
    const breaker = new CircuitBreaker(name, { ...this.#defaults, ...options })
    breaker.onStateChange(this.#changed)
    this.#breakers.set(name, breaker)
    return breaker
  }

  get(name: string): CircuitBreaker | undefined {
    return this.#breakers.get(name)
  }

  /** All of them, by name. */
  list(): CircuitStats[] {
    return [...this.#breakers.values()]
      .map((breaker) => breaker.stats())
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}
