import { neverAborted, untilAborted } from './abort.ts'
import { milliseconds, wholeNumber } from './bounds.ts'
import { Circuit } from './circuit.ts'
import type { CircuitState, CircuitStats, Outcome, StateChange } from './circuit-state.ts'
import { type Clock, systemClock } from './clock.ts'
import { BulkheadFullError, CircuitOpenError } from './errors.ts'
import { type CallOptions, Executor, type Work } from './executor.ts'
import { isFailureOfCallee } from './transient.ts'

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. Default: 5. */
  failureThreshold?: number
  /** How long an open circuit refuses calls, in milliseconds. Default: 60,000. */
  openTimeoutMs?: number
  /** Most trials at a time while half-open. Default: 1. */
  halfOpenMaxCalls?: number
  /** Successful trials that close the circuit. Default: 2. */
  successThreshold?: number
  /** Which errors speak against the callee; others are successes. Default: `isFailureOfCallee`. */
  isFailure?: (error: unknown) => boolean
  clock?: Clock
}

/**
 * Spares a callee that fails, and its callers the wait. Failures in a row open the circuit: from
 * then on calls are refused at once. The first call after `openTimeoutMs` is a trial (half-open):
 * enough successful ones close the circuit, one that fails opens it anew.
 *
 * There is no timer: a circuit that nobody calls stays open. A trial that still runs after
 * `openTimeoutMs` counts as failed when another call needs its place.
 *
 * @see Martin Fowler, CircuitBreaker: https://martinfowler.com/bliki/CircuitBreaker.html
 */
export class CircuitBreaker extends Executor {
  readonly name: string
  readonly #circuit: Circuit
  readonly #clock: Clock
  readonly #isFailure: (error: unknown) => boolean
  readonly #listeners = new Set<(change: StateChange) => void>()
  readonly #totals = { success: 0, failure: 0, unknown: 0, rejected: 0 }

  /** @throws {RangeError} for a number that makes no sense */
  constructor(name: string, options: CircuitBreakerOptions = {}) {
    super()
    const { failureThreshold = 5, openTimeoutMs = 60_000 } = options
    const { halfOpenMaxCalls = 1, successThreshold = 2 } = options
    const limits = {
      failureThreshold: wholeNumber('failureThreshold', failureThreshold, 1),
      openTimeoutMs: milliseconds('openTimeoutMs', openTimeoutMs, 1),
      halfOpenMaxCalls: wholeNumber('halfOpenMaxCalls', halfOpenMaxCalls, 1),
      successThreshold: wholeNumber('successThreshold', successThreshold, 1),
    }
    this.name = name
    this.#clock = options.clock ?? systemClock
    this.#isFailure = options.isFailure ?? isFailureOfCallee
    this.#circuit = new Circuit(limits, (from, to) => {
      for (const listener of this.#listeners) listener({ circuit: name, from, to })
    })
  }

  get state(): CircuitState {
    return this.#circuit.state
  }

  stats(): CircuitStats {
    const { state, failures } = this.#circuit
    const retryAfterMs = state === 'open' ? this.#circuit.remainingMs(this.#clock.now()) : 0
    return { name: this.name, state, failures, retryAfterMs, totals: { ...this.#totals } }
  }

  /** Closes the circuit, whatever was. Calls that still run count no more. */
  reset(): void {
    this.#circuit.reset(this.#clock.now())
  }

  /** Calls `listener`, which must not throw, after each change of state. Gives what ends that. */
  onStateChange(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @throws {CircuitOpenError} where the call is not admitted */
  override async exec<T>(work: Work<T>, options: CallOptions = {}): Promise<T> {
    const { signal = neverAborted() } = options
    signal.throwIfAborted()
    const period = this.#admit()
    // What `isFailure` throws is a failure, too: whatever happens, the call is settled.
    let outcome: Outcome = 'failure'
    try {
      const result = await untilAborted(work, signal)
      outcome = 'success'
      return result
    } catch (error) {
      outcome = this.#judge(error, signal)
      throw error
    } finally {
      this.#totals[outcome] += 1
      this.#circuit.settle(period, outcome, this.#clock.now())
    }
  }

  #admit(): number {
    const admission = this.#circuit.admit(this.#clock.now())
    if ('period' in admission) return admission.period
    this.#totals.rejected += 1
    throw new CircuitOpenError(this.name, admission.refusedForMs)
  }

  #judge(error: unknown, signal: AbortSignal): Outcome {
    if (signal.aborted || error instanceof BulkheadFullError) return 'unknown'
    return this.#isFailure(error) ? 'failure' : 'success'
  }
}
