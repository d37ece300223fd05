import type { CircuitState } from '../../../src/resilience/circuit-breaker.ts'

export type Outcome = 'success' | 'failure' | 'ignored'

/** The limits of the modelled breaker, under the same names. */
export interface ModelLimits {
  failureThreshold: number
  openTimeoutMs: number
  halfOpenMaxCalls: number
  successThreshold: number
}

type Phase =
  | { readonly name: 'closed'; readonly outcomes: Outcome[] }
  | { readonly name: 'open'; readonly from: number }
  | { readonly name: 'half-open'; readonly trials: Trial[] }

interface Trial {
  readonly begun: number
  outcome?: Outcome
}

/** Reports the outcome of an admitted call. */
export type Admitted = (outcome: Outcome) => void

/**
 * What a circuit breaker should do, derived from the history of its present phase instead of
 * counters: slow and plain, and independent of `src/resilience/circuit-breaker.ts`.
 */
export class BreakerModel {
  readonly #limits: ModelLimits
  #phase: Phase = { name: 'closed', outcomes: [] }
  #now = 0

  constructor(limits: ModelLimits) {
    this.#limits = limits
  }

  get state(): CircuitState {
    return this.#phase.name
  }

  advance(ms: number): void {
    this.#now += ms
  }

  reset(): void {
    this.#phase = { name: 'closed', outcomes: [] }
  }

  /** Makes a call; undefined if it is rejected. */
  call(): Admitted | undefined {
    const { openTimeoutMs, halfOpenMaxCalls } = this.#limits
    if (this.#phase.name === 'open' && this.#now - this.#phase.from >= openTimeoutMs) {
      this.#phase = { name: 'half-open', trials: [] }
    }
    const phase = this.#phase
    if (phase.name === 'open') return undefined
    if (phase.name === 'closed') {
      return (outcome) => {
        if (this.#phase === phase) this.#endClosed(phase.outcomes, outcome)
      }
    }
    const running = phase.trials.filter((trial) => trial.outcome === undefined)
    if (running.length >= halfOpenMaxCalls) {
      const begun = Math.max(...phase.trials.map((trial) => trial.begun))
      if (this.#now - begun >= openTimeoutMs) this.#phase = { name: 'open', from: this.#now }
      return undefined
    }
    const trial: Trial = { begun: this.#now }
    phase.trials.push(trial)
    return (outcome) => {
      trial.outcome = outcome
      if (this.#phase === phase) this.#endHalfOpen(phase.trials)
    }
  }

  #endClosed(outcomes: Outcome[], outcome: Outcome): void {
    if (outcome !== 'ignored') outcomes.push(outcome)
    const last = outcomes.slice(-this.#limits.failureThreshold)
    const isLong = last.length === this.#limits.failureThreshold
    if (isLong && last.every((it) => it === 'failure')) {
      this.#phase = { name: 'open', from: this.#now }
    }
  }

  #endHalfOpen(trials: readonly Trial[]): void {
    const successes = trials.filter((trial) => trial.outcome === 'success').length
    if (trials.some((trial) => trial.outcome === 'failure')) {
      this.#phase = { name: 'open', from: this.#now }
    } else if (successes >= this.#limits.successThreshold) this.reset()
  }
}
