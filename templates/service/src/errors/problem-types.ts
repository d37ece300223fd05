import { STATUS_CODES } from 'node:http'

/** What all problems of one kind have in common. */
export interface ProblemType {
  /** Reference to the page that explains it, `docs/errors/<name>.md`. */
  type: string
  /** The same for every occurrence. */
  title: string
}

const named: Record<number, [name: string, title: string]> = {
  400: ['bad-request', 'Bad Request'],
  401: ['unauthorized', 'Authentication Required'],
  403: ['forbidden', 'Access Denied'],
  404: ['not-found', 'Resource Not Found'],
  405: ['method-not-allowed', 'Method Not Allowed'],
  408: ['request-timeout', 'Request Timeout'],
  409: ['conflict', 'Conflict'],
  413: ['payload-too-large', 'Payload Too Large'],
  414: ['uri-too-long', 'URI Too Long'],
  415: ['unsupported-media-type', 'Unsupported Media Type'],
  422: ['validation-error', 'Validation Error'],
  429: ['rate-limit-exceeded', 'Rate Limit Exceeded'],
  431: ['header-fields-too-large', 'Header Fields Too Large'],
  500: ['internal-error', 'Internal Server Error'],
  503: ['service-unavailable', 'Service Unavailable'],
}

/** The type reference of a named problem, `/errors/<name>`. */
export function typeReference(name: string): string {
  return `/errors/${name}`
}

/** Names of the problem types of this file; each has a page in `docs/errors/`. */
export const problemTypeNames: readonly string[] = Object.values(named).map(([name]) => name)

/**
 * The usual problem type of a status; `about:blank` where the status says it all.
 *
 * @see RFC 9457, section 4.2.1
 */
export function problemType(status: number): ProblemType {
  const [name, title] = named[status] ?? []
  if (name && title) return { type: typeReference(name), title }
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error' }
}
