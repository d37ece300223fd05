import type { CircuitState, Outcome } from './circuit-state.ts'

/** The numbers of a circuit; `CircuitBreakerOptions` explains them. */
export interface CircuitLimits {
  readonly failureThreshold: number
  readonly openTimeoutMs: number
  readonly halfOpenMaxCalls: number
  readonly successThreshold: number
}

/** A call that may be made, or how many milliseconds from now to ask again. */
export type Admission = { readonly period: number } | { readonly refusedForMs: number }

/** While all trials run nobody knows their end: whoever is refused may come back soon. */
const trialsRunMs = 1_000

/** The state machine of a circuit breaker. Every time is `now`, in milliseconds of one clock. */
export class Circuit {
  readonly #limits: CircuitLimits
  readonly #changed: (from: CircuitState, to: CircuitState) => void
  #state: CircuitState = 'closed'
  /** Number of the present state: the outcome of a call that began in an earlier one is late. */
  #period = 0
  #failures = 0
  #successes = 0
  #trials = 0
  /** When the circuit opened or, while half-open, when the last trial began. */
  #since = 0

  constructor(limits: CircuitLimits, changed: (from: CircuitState, to: CircuitState) => void) {
    this.#limits = limits
    this.#changed = changed
  }

  get state(): CircuitState {
    return this.#state
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures
  }

  /** How long the open circuit refuses calls, or the last trial keeps its place. */
  remainingMs(now: number): number {
    return Math.max(0, this.#since + this.#limits.openTimeoutMs - now)
  }

  /** Asks for a call. Each one that is admitted has to be settled, whatever becomes of it. */
  admit(now: number): Admission {
    if (this.#state === 'open' && this.remainingMs(now) === 0) this.#enter('half-open', now)
    if (this.#state === 'half-open') {
      if (this.#trials < this.#limits.halfOpenMaxCalls) {
        this.#trials += 1
        this.#since = now
        return { period: this.#period }
      }
      if (this.remainingMs(now) > 0) return { refusedForMs: trialsRunMs }
      // Even the last trial has taken as long as the circuit is open: they hang.
      this.#enter('open', now)
    }
    if (this.#state === 'open') return { refusedForMs: this.remainingMs(now) }
    return { period: this.#period }
  }

  /** Says how the call that was admitted in `period` has ended. */
  settle(period: number, outcome: Outcome, now: number): void {
    if (period !== this.#period) return
    if (this.#state === 'half-open') this.#trials -= 1
    if (outcome === 'success') this.#succeed(now)
    if (outcome === 'failure') this.#fail(now)
  }

  /** Closes the circuit. Calls that still run count no more. */
  reset(now: number): void {
    this.#enter('closed', now)
  }

  #succeed(now: number): void {
    this.#failures = 0
    if (this.#state === 'closed') return
    this.#successes += 1
    if (this.#successes >= this.#limits.successThreshold) this.#enter('closed', now)
  }

  #fail(now: number): void {
    this.#failures += 1
    if (this.#state === 'closed' && this.#failures < this.#limits.failureThreshold) return
    this.#enter('open', now)
  }

  #enter(to: CircuitState, now: number): void {
    const from = this.#state
    this.#state = to
    this.#period += 1
    this.#failures = 0
    this.#successes = 0
    this.#trials = 0
    this.#since = now
    if (from !== to) this.#changed(from, to)
  }
}
