import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'

/** Methods by name; others count as `_OTHER`, because callers make them up. */
export const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  '_OTHER',
] as const

/** Who sends requests. */
export const userTypes = ['anonymous', 'user', 'api_key'] as const

const sizes = [100, 1_000, 10_000, 100_000, 1_000_000]

/**
 * Requests by their route, such as `/api/v1/products/:id`; `__unmatched__` if there is none. Routes
 * that are `quiet`, such as probes, don't count: they say nothing about what callers experience.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server
 */
export const httpMetrics = defineMetrics('HTTP', {
  duration: histogram(
    'http_server_request_duration_seconds',
    'Time from the arrival of a request to the end of its response. Failures have an ' +
      '`error_type`; requests that clients gave up on have the status 499.',
    {
      http_request_method: methods,
      http_route: String,
      http_response_status_code: String,
      url_scheme: ['http', 'https'],
      error_type: String,
    },
  ),
  active: gauge('http_server_active_requests', 'Requests that are being answered.'),
  calls: counter('api_endpoint_calls_total', 'Requests, by who sent them.', {
    http_request_method: methods,
    http_route: String,
    user_type: userTypes,
  }),
  requestSize: histogram(
    'api_request_size_bytes',
    'Sizes of request bodies.',
    { http_route: String },
    sizes,
  ),
  responseSize: histogram(
    'api_response_size_bytes',
    'Sizes of response bodies.',
    { http_route: String },
    sizes,
  ),
  slow: counter('slow_requests_total', 'Requests that took longer than `SLOW_REQUEST_MS`.', {
    http_route: String,
  }),
  aborted: counter('http_requests_aborted_total', 'Requests that clients gave up on.'),
  malformed: counter('malformed_requests_total', 'Requests that could not be read.', {
    reason: ['url', 'syntax', 'headers_too_large', 'timeout', 'connect'],
  }),
  tooLarge: counter(
    'request_size_limit_rejections_total',
    'Requests refused because their body exceeds `BODY_LIMIT`.',
  ),
})

export const errorMetrics = defineMetrics('Errors', {
  errors: counter('errors_total', 'Responses with an error, by the type of the problem.', {
    error_type: String,
    http_route: String,
    http_response_status_code: String,
  }),
  validation: counter('validation_errors_total', 'Requests that were not valid, by the part.', {
    source: ['body', 'path', 'query', 'header'],
    http_route: String,
  }),
  unhandled: counter('exceptions_unhandled_total', 'Errors that no code expected.', {
    kind: ['request', 'uncaughtException', 'unhandledRejection'],
  }),
})

export const dependencyMetrics = defineMetrics('Dependencies', {
  health: gauge(
    'dependency_health',
    'Whether the health check of a dependency succeeds: 1 or 0.',
    { dependency_name: String, critical: ['true', 'false'] },
    'min',
  ),
  duration: histogram('dependency_check_duration_seconds', 'Time that health checks take.', {
    dependency_name: String,
  }),
  lastSuccess: gauge(
    'dependency_last_success_timestamp_seconds',
    'When the health check last succeeded.',
    { dependency_name: String },
    'max',
  ),
})
