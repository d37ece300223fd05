import { CallError, failureType, HttpStatusError, isCalleeFailure } from './http-client.ts'
import type { CallRecorder } from './metrics.ts'
import type { Work } from './policy.ts'

export type CircuitState = 'closed' | 'half-open' | 'open'

/** `ignored`: the call says nothing about the callee, for example because it was cancelled. */
type Outcome = 'success' | 'failure' | 'ignored'

const defaults = {
  /** Failures in a row that open the circuit. */
  failureThreshold: 5,
  /** How long an open circuit rejects calls, in milliseconds. */
  openTimeoutMs: 60_000,
  /** Trial calls at a time while half-open. */
  halfOpenMaxCalls: 1,
  /** Successful trial calls that close the circuit. */
  successThreshold: 2,
  /** Which errors are failures of the callee. */
  isFailure: isCalleeFailure,
  /** For logs; must not throw. */
  onStateChange: (_circuit: string, _from: CircuitState, _to: CircuitState): void => {},
}

export interface CircuitBreakerOptions extends Partial<typeof defaults> {
  /** Records the calls, and those of a policy with this breaker. */
  recorder?: CallRecorder
}

/** What to tell a caller who comes while trial calls are running: they will be over soon. */
const trialCallMs = 1_000

/** The circuit is open; the call wasn't made. */
export class CircuitOpenError extends CallError {
  readonly retryAfterMs: number

  constructor(circuit: string, retryAfterMs: number) {
    super(`The circuit ${circuit} is open.`)
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * Stops calls to a callee that keeps failing, which spares both sides. Failures in a row open the
 * circuit. After `openTimeoutMs` it is half-open and admits trial calls: enough successful ones close
 * it, one that fails opens it again.
 *
 * There is no timer: the state changes when a call is made or ends.
 *
 * @see https://martinfowler.com/bliki/CircuitBreaker.html
 */
export class CircuitBreaker {
  readonly name: string
  readonly recorder: CallRecorder | undefined
  readonly #options: typeof defaults
  readonly #totals = { success: 0, failure: 0, ignored: 0, rejected: 0 }
  #state: CircuitState = 'closed'
  /** Number of the present state: a call that began in an earlier one ends too late to count. */
  #period = 0
  #failures = 0
  #successes = 0
  #trials = 0
  /** When the circuit opened or, while half-open, when the last trial call began. */
  #since = 0

  constructor(name: string, options: CircuitBreakerOptions = {}) {
    this.name = name
    this.recorder = options.recorder
    this.#options = { ...defaults, ...options }
  }

  /** What operators and metrics see. */
  stats() {
    return {
      name: this.name,
      state: this.#state,
      /** Failures in a row. */
      failures: this.#failures,
      /** How long an open circuit still rejects calls; otherwise 0. */
      retryAfterMs: this.#state === 'open' ? Math.ceil(this.#remainingMs()) : 0,
      /** Calls since the process started. */
      totals: { ...this.#totals },
    }
  }

  /** Closes the circuit. Calls that are still running no longer count. */
  reset(): void {
    this.#enter('closed')
  }

  /** @throws {CircuitOpenError} if the circuit doesn't admit the call */
  async execute<T>(work: Work<T>, signal = new AbortController().signal): Promise<T> {
    signal.throwIfAborted()
    const period = this.#admit()
    const start = performance.now()
    let outcome: Outcome = 'failure'
    let type: string | undefined
    try {
      const result = await work(signal)
      outcome = 'success'
      return result
    } catch (error) {
      outcome = signal.aborted ? 'ignored' : this.#judge(error)
      if (outcome === 'failure') type = failureType(error)
      throw error
    } finally {
      // However the call ends: a trial call that kept its slot would leave the circuit half-open.
      this.#settle(period, outcome)
      this.recorder?.settled(outcome === 'success', performance.now() - start, type)
    }
  }

  #admit(): number {
    const { halfOpenMaxCalls } = this.#options
    if (this.#state === 'open' && this.#remainingMs() === 0) this.#enter('half-open')
    if (this.#state === 'half-open' && this.#trials < halfOpenMaxCalls) {
      this.#trials += 1
      this.#since = performance.now()
      return this.#period
    }
    // Trial calls that take as long as a circuit stays open count as failed: they hang.
    if (this.#state === 'half-open' && this.#remainingMs() === 0) this.#enter('open')
    if (this.#state === 'closed') return this.#period
    this.#totals.rejected += 1
    this.recorder?.rejected()
    const retryAfterMs = this.#state === 'open' ? this.#remainingMs() : trialCallMs
    throw new CircuitOpenError(this.name, retryAfterMs)
  }

  /** Any answer shows that the callee works. An error of our own code shows nothing. */
  #judge(error: unknown): Outcome {
    if (this.#options.isFailure(error)) return 'failure'
    return error instanceof HttpStatusError ? 'success' : 'ignored'
  }

  #settle(period: number, outcome: Outcome): void {
    const { failureThreshold, successThreshold } = this.#options
    this.#totals[outcome] += 1
    if (period !== this.#period) return
    const isTrial = this.#state === 'half-open'
    if (isTrial) this.#trials -= 1
    if (outcome === 'failure') {
      this.#failures += 1
      if (isTrial || this.#failures >= failureThreshold) this.#enter('open')
    } else if (outcome === 'success') {
      this.#failures = 0
      this.#successes += 1
      if (isTrial && this.#successes >= successThreshold) this.#enter('closed')
    }
  }

  #remainingMs(): number {
    return Math.max(0, this.#since + this.#options.openTimeoutMs - performance.now())
  }

  #enter(to: CircuitState): void {
    const from = this.#state
    this.#state = to
    this.#period += 1
    this.#failures = 0
    this.#successes = 0
    this.#trials = 0
    this.#since = performance.now()
    if (from === to) return
    this.recorder?.changed(from, to)
    this.#options.onStateChange(this.name, from, to)
  }
}
