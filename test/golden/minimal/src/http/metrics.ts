import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'

/** Callers can make up methods; those count as `_OTHER`. */
export const methods = 'GET HEAD POST PUT PATCH DELETE OPTIONS _OTHER'.split(' ')

/** Who sends requests. */
export const userTypes = ['anonymous', 'user', 'api_key'] as const

const route = { http_route: String } as const
const status = { http_response_status_code: String } as const
const size = { buckets: [100, 1_000, 10_000, 100_000, 1_000_000] }

/**
 * Requests by their route, such as `/api/v1/products/:id`; `__unmatched__` if there is none. Routes
 * that are `quiet`, such as probes, don't count: they say nothing about what callers experience.
 * Failures have an `error_type`; requests whose clients went away have the status 499.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
export const httpMetrics = defineMetrics('HTTP', {
  duration: histogram('http_server_request_duration_seconds', 'Time to answer requests.', {
    http_request_method: methods,
    ...route,
    ...status,
    url_scheme: ['http', 'https'],
    error_type: String,
  }),
  active: gauge('http_server_active_requests', 'Requests that are being answered.'),
  calls: counter('api_endpoint_calls_total', 'Requests, by who sent them.', {
    http_request_method: methods,
    ...route,
    user_type: userTypes,
  }),
  requestSize: histogram('api_request_size_bytes', 'Sizes of request bodies.', route, size),
  responseSize: histogram('api_response_size_bytes', 'Sizes of response bodies.', route, size),
  slow: counter('slow_requests_total', 'Requests that took more than `SLOW_REQUEST_MS`.', route),
  aborted: counter('http_requests_aborted_total', 'Requests whose clients went away.'),
  malformed: counter('malformed_requests_total', 'Requests that could not be read.', {
    reason: ['url', 'syntax', 'headers_too_large', 'timeout', 'connect'],
  }),
  tooLarge: counter('request_size_limit_rejections_total', 'Bodies larger than `BODY_LIMIT`.'),
})

export const errorMetrics = defineMetrics('Errors', {
  errors: counter('errors_total', 'Responses with an error, by the type of the problem.', {
    error_type: String,
    ...route,
    ...status,
  }),
  validation: counter('validation_errors_total', 'Requests that were not valid, by the part.', {
    source: ['body', 'path', 'query', 'header'],
    ...route,
  }),
  unhandled: counter('exceptions_unhandled_total', 'Errors that no code expected.', {
    kind: ['request', 'serialization', 'uncaughtException', 'unhandledRejection'],
  }),
})

const dependency = { dependency_name: String } as const
const checked = { ...dependency, critical: ['true', 'false'] } as const
const min = { across: 'min' } as const

export const dependencyMetrics = defineMetrics('Dependencies', {
  health: gauge('dependency_health', '1 if it is healthy, else 0.', checked, min),
  duration: histogram('dependency_check_duration_seconds', 'Time to check it.', dependency),
  lastSuccess: gauge(
    'dependency_last_success_timestamp_seconds',
    'When it was last healthy.',
    dependency,
    { across: 'max' },
  ),
})
