import { STATUS_CODES } from 'node:http'

/** What all problems of one kind have in common. */
export interface ProblemType {
  /** Reference to the page that explains it, `docs/errors/<name>.md`. */
  type: string
  /** The same for every occurrence. */
  title: string
}

/**
 * Every problem type that has a page in `docs/errors/`. The first one of a status is the usual one.
 * A new type is a line here and a page there.
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

/** Members that a problem may have beside those of RFC 9457; no other one is sent. */
export const extensionMembers = ['checks', 'errors'] as const

/** The named problem type. */
export function problemTypeOf(name: ProblemTypeName): ProblemType {
  return { type: `/errors/${name}`, title: problemTypes[name][1] }
}

const usual = new Map<number, ProblemType>()
for (const name of Object.keys(problemTypes) as ProblemTypeName[]) {
  const [status] = problemTypes[name]
  if (!usual.has(status)) usual.set(status, problemTypeOf(name))
}

/**
 * The usual problem type of a status; `about:blank` where the status says it all.
 *
 * @see RFC 9457, section 4.2.1
 */
export function usualProblemType(status: number): ProblemType {
  return usual.get(status) ?? { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error' }
}
