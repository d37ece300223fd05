import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'
import type { Metrics, Recorders } from '../observability/metrics.ts'

const states = ['closed', 'half-open', 'open'] as const
const failureTypes = 'timeout connection status invalid_response cancelled other'.split(' ')

const circuit = { circuit_name: String } as const
const operation = { operation: String } as const
const service = { service_name: String } as const
const max = { across: 'max' } as const

/** A service, its circuit, and what is retried have the same name. */
export const callMetrics = defineMetrics('Resilience', {
  state: gauge('circuit_breaker_state', '0 is closed, 1 half-open, 2 open.', circuit, max),
  successes: counter('circuit_breaker_successes_total', 'Calls that the callee answered.', circuit),
  failures: counter('circuit_breaker_failures_total', 'Calls that the callee failed.', {
    ...circuit,
    error_type: failureTypes,
  }),
  rejected: counter('circuit_breaker_rejected_total', 'Calls that were not made.', circuit),
  changes: counter('circuit_breaker_state_changes_total', 'Changes of the state.', {
    ...circuit,
    from_state: states,
    to_state: states,
  }),
  callTime: histogram('circuit_breaker_call_duration_seconds', 'Time of admitted calls.', circuit),
  retries: counter('retry_attempts_total', 'Attempts after the first one.', operation),
  exhausted: counter('retry_exhausted_total', 'Calls whose last attempt failed.', operation),
  recovered: counter('retry_success_after_failure_total', 'Calls saved by a retry.', operation),
  waits: histogram('retry_delay_seconds', 'Waits between attempts.', operation),
  requests: counter('external_service_calls_total', 'Requests to a service.', {
    ...service,
    outcome: ['success', 'failure'],
    status_class: ['2xx', '3xx', '4xx', '5xx', 'none'],
  }),
  duration: histogram('external_service_duration_seconds', 'Time of requests.', service),
  errors: counter('external_service_errors_total', 'Requests that failed.', {
    ...service,
    error_type: failureTypes,
  }),
  timeouts: counter('external_service_timeouts_total', 'Requests that took too long.', service),
  inFlight: gauge('external_service_in_flight', 'Requests that were not answered yet.', service),
})

type State = (typeof states)[number]

/** Records the calls of one service. */
export class CallRecorder {
  readonly #recorders: Recorders<typeof callMetrics>
  readonly #circuit: { circuit_name: string }
  readonly #operation: { operation: string }
  readonly #service: { service_name: string }

  /** @param name the service, such as `payments` */
  constructor(metrics: Metrics, name: string) {
    this.#recorders = metrics.of(callMetrics)
    this.#circuit = { circuit_name: name }
    this.#operation = { operation: name }
    this.#service = { service_name: name }
    const labels = { ...this.#circuit, ...this.#operation, ...this.#service }
    for (const recorder of Object.values(this.#recorders)) recorder.init(labels)
  }

  /** An admitted call has ended; `failure` tells why, if the callee failed. */
  settled(isSuccess: boolean, milliseconds: number, failure?: string): void {
    const { successes, failures, callTime } = this.#recorders
    if (isSuccess) successes.with(this.#circuit).inc()
    else if (failure) failures.with({ ...this.#circuit, error_type: failure }).inc()
    callTime.with(this.#circuit).observe(milliseconds / 1_000)
  }

  rejected(): void {
    this.#recorders.rejected.with(this.#circuit).inc()
  }

  changed(from: State, to: State): void {
    const { state, changes } = this.#recorders
    state.with(this.#circuit).set(states.indexOf(to))
    changes.with({ ...this.#circuit, from_state: from, to_state: to }).inc()
  }

  /** Another attempt follows after a wait. */
  retried(waitMs: number): void {
    this.#recorders.retries.with(this.#operation).inc()
    this.#recorders.waits.with(this.#operation).observe(waitMs / 1_000)
  }

  /** The last attempt of several has ended. */
  ended(isSuccess: boolean): void {
    const { recovered, exhausted } = this.#recorders
    const counted = isSuccess ? recovered : exhausted
    counted.with(this.#operation).inc()
  }

  /** A request begins; call the result when it has ended, with its status if there is one. */
  requested(): (status?: number, failure?: string) => void {
    const { inFlight, requests, duration, errors, timeouts } = this.#recorders
    const start = performance.now()
    inFlight.with(this.#service).inc()
    return (status, failure) => {
      inFlight.with(this.#service).inc(-1)
      duration.with(this.#service).observe((performance.now() - start) / 1_000)
      const outcome = failure ? 'failure' : 'success'
      requests.with({ ...this.#service, outcome, status_class: classOf(status) }).inc()
      if (failure) errors.with({ ...this.#service, error_type: failure }).inc()
      if (failure === 'timeout') timeouts.with(this.#service).inc()
    }
  }
}

const statusClasses = callMetrics.definitions.requests.labels.status_class

function classOf(status = 0): (typeof statusClasses)[number] {
  return statusClasses.find((it) => it === `${Math.floor(status / 100)}xx`) ?? 'none'
}
