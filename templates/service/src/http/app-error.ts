import { STATUS_CODES } from 'node:http'
import type { ValidationIssue } from './validation.ts'

/**
 * Every problem type with a page in `docs/errors/`. The first one of a status is its default. To add
 * a type, add a line here and a page there.
 */
export const problemTypes = {
  'bad-request': [400, 'Bad Request'],
  unauthorized: [401, 'Authentication Required'],
  forbidden: [403, 'Access Denied'],
  'not-found': [404, 'Resource Not Found'],
  'method-not-allowed': [405, 'Method Not Allowed'],
  'not-acceptable': [406, 'Not Acceptable'],
  'request-timeout': [408, 'Request Timeout'],
  conflict: [409, 'Conflict'],
  'payload-too-large': [413, 'Payload Too Large'],
  'uri-too-long': [414, 'URI Too Long'],
  'unsupported-media-type': [415, 'Unsupported Media Type'],
  'range-not-satisfiable': [416, 'Range Not Satisfiable'],
  'expectation-failed': [417, 'Expectation Failed'],
  'validation-error': [422, 'Validation Error'],
  'rate-limit-exceeded': [429, 'Rate Limit Exceeded'],
  'header-fields-too-large': [431, 'Header Fields Too Large'],
  'internal-error': [500, 'Internal Server Error'],
  'bad-gateway': [502, 'Bad Gateway'],
  'service-unavailable': [503, 'Service Unavailable'],
  'circuit-breaker-open': [503, 'Circuit Breaker Open'],
  'gateway-timeout': [504, 'Gateway Timeout'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemTypeName = keyof typeof problemTypes

const typeNames = Object.keys(problemTypes) as ProblemTypeName[]

/**
 * The problem type of a status, by default its first one; `about:blank` if it has none.
 *
 * @see RFC 9457, section 4.2.1
 */
export function usualProblemType(
  status: number,
  name = typeNames.find((each) => problemTypes[each][0] === status),
): { type: string; title: string } {
  if (!name) return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error' }
  return { type: `/errors/${name}`, title: problemTypes[name][1] }
}

/** Members that a problem may have besides those of RFC 9457. Others are never sent. */
interface Extension {
  /** The report of the health checks. */
  checks?: unknown
  /** The faults of a request. */
  errors?: unknown
}

export interface AppErrorOptions {
  /** The problem type; by default that of the status. */
  type?: ProblemTypeName
  /** Path of what the problem is about; by default that of the request. */
  instance?: string
  /** Additional members of the problem. */
  extra?: Extension
  /** Headers of the response. */
  headers?: Record<string, string>
  /** What led to the error. Logged, never sent. */
  cause?: unknown
}

/** An error that clients may see. Write `detail` for them. */
export class AppError extends Error {
  readonly status: number
  readonly type: string
  readonly title: string
  readonly instance: string | undefined
  readonly extra: Extension
  readonly headers: Record<string, string>

  constructor(status: number, detail: string, options: AppErrorOptions = {}) {
    super(detail, { cause: options.cause })
    const { type, title } = usualProblemType(status, options.type)
    this.name = new.target.name
    this.status = status
    this.type = type
    this.title = title
    this.instance = options.instance
    this.extra = options.extra ?? {}
    this.headers = options.headers ?? {}
  }
}

/** The errors of one status, and what they say by default. */
function errorOf(status: number, usualDetail: string) {
  return class extends AppError {
    constructor(detail = usualDetail, options?: AppErrorOptions) {
      super(status, detail, options)
    }
  }
}

/** 400: the request can't be read. */
export class BadRequestError extends errorOf(400, 'The request cannot be read.') {}

/** 401: the caller is unknown. `challenge` is the `WWW-Authenticate` header (RFC 9110, 11.6.1). */
export class UnauthorizedError extends AppError {
  constructor(detail = 'Authentication is required.', challenge = 'Bearer', cause?: unknown) {
    super(401, detail, { headers: { 'www-authenticate': challenge }, cause })
  }
}

/** 403: the caller is known but lacks permission. */
export class ForbiddenError extends errorOf(403, 'You may not do this.') {}

/** 404: the resource doesn't exist. */
export class NotFoundError extends errorOf(404, 'Resource not found.') {}

/** 405: the path exists, but not for this method. `allowed` becomes the `Allow` header. */
export class MethodNotAllowedError extends AppError {
  constructor(method: string, allowed: readonly string[]) {
    super(405, `${method} is not supported here.`, { headers: { allow: allowed.join(', ') } })
  }
}

/** 409: the request conflicts with the current state of the resource. */
export class ConflictError extends errorOf(409, 'The request conflicts with the current state.') {}

/** 422: the request is readable but not valid. `issues` become the member `errors`. */
export class ValidationError extends AppError {
  constructor(issues: readonly ValidationIssue[], detail = 'The request is not valid.') {
    super(422, detail, { extra: { errors: issues } })
  }
}

/** 429: too many requests. `retryAfter` is in seconds. */
export class RateLimitError extends AppError {
  constructor(retryAfter: number, detail = 'Too many requests.', options: AppErrorOptions = {}) {
    const headers = { ...options.headers, 'retry-after': String(Math.ceil(retryAfter)) }
    super(429, detail, { ...options, headers })
  }
}

/** 500: the service failed. Clients don't see `detail`, unless APP_DEBUG is on. */
export class InternalServerError extends errorOf(500, 'An unexpected error occurred.') {}

/** 503: the service, or something that it needs, is unavailable. `retryAfter` is in seconds. */
export class ServiceUnavailableError extends AppError {
  constructor(detail: string, retryAfter = 5, options: AppErrorOptions = {}) {
    const headers = { ...options.headers, 'retry-after': String(Math.ceil(retryAfter)) }
    super(503, detail, { ...options, headers })
  }
}
