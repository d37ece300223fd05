import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'
import type { Metrics } from '../observability/metrics.ts'

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

export type CallRecorder = ReturnType<typeof callRecorder>

/** Records the calls of the service `name`, such as `payments`. */
export function callRecorder(metrics: Metrics, name: string) {
  const recorders = metrics.of(callMetrics)
  // Each metric takes those that it has.
  const labels = { circuit_name: name, operation: name, service_name: name }
  for (const recorder of Object.values(recorders)) recorder.init(labels)

  return {
    /** An admitted call has ended; `failure` tells why, if the callee failed. */
    settled(isSuccess: boolean, milliseconds: number, failure?: string): void {
      if (isSuccess) recorders.successes.with(labels).inc()
      else if (failure) recorders.failures.with({ ...labels, error_type: failure }).inc()
      recorders.callTime.with(labels).observe(milliseconds / 1_000)
    },

    rejected: () => recorders.rejected.with(labels).inc(),

    changed(from: State, to: State): void {
      recorders.state.with(labels).set(states.indexOf(to))
      recorders.changes.with({ ...labels, from_state: from, to_state: to }).inc()
    },

    /** Another attempt follows after a wait. */
    retried(waitMs: number): void {
      recorders.retries.with(labels).inc()
      recorders.waits.with(labels).observe(waitMs / 1_000)
    },

    /** The last attempt of several has ended. */
    ended: (isSuccess: boolean) =>
      recorders[isSuccess ? 'recovered' : 'exhausted'].with(labels).inc(),

    /** A request begins; call the result when it has ended, with its status if there is one. */
    requested() {
      const start = performance.now()
      recorders.inFlight.with(labels).inc()
      return (status?: number, failure?: string) => {
        recorders.inFlight.with(labels).inc(-1)
        recorders.duration.with(labels).observe((performance.now() - start) / 1_000)
        const outcome = failure ? 'failure' : 'success'
        recorders.requests.with({ ...labels, outcome, status_class: classOf(status) }).inc()
        if (failure) recorders.errors.with({ ...labels, error_type: failure }).inc()
        if (failure === 'timeout') recorders.timeouts.with(labels).inc()
      }
    },
  }
}

const statusClasses = callMetrics.definitions.requests.labels.status_class

function classOf(status = 0): (typeof statusClasses)[number] {
  return statusClasses.find((it) => it === `${Math.floor(status / 100)}xx`) ?? 'none'
}
