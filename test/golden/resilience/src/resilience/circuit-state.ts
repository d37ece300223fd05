export type CircuitState = 'closed' | 'half-open' | 'open'

/** `unknown`: given up by the caller, or never sent. Nothing is learnt about the callee. */
export type Outcome = 'success' | 'failure' | 'unknown'

export interface StateChange {
  readonly circuit: string
  readonly from: CircuitState
  readonly to: CircuitState
}

/** What operators see of a circuit. */
export interface CircuitStats {
  readonly name: string
  readonly state: CircuitState
  /** Failures in a row, while closed. */
  readonly failures: number
  /** How long an open circuit still refuses calls, in milliseconds; otherwise 0. */
  readonly retryAfterMs: number
  /** Calls since the start of the process, also those whose outcome came too late to count. */
  readonly totals: Readonly<Record<Outcome | 'rejected', number>>
}
