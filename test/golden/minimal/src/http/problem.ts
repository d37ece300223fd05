import { STATUS_CODES } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { AppError } from './app-error.ts'
import { ValidationIssue } from './validation.ts'

const members = {
  type: Type.String({ format: 'uri-reference', description: 'The kind of problem.' }),
  title: Type.String({ description: 'The kind of problem in words; the same every time.' }),
  status: Type.Integer({ description: 'The HTTP status.' }),
  detail: Type.String({ description: 'What happened this time.' }),
  instance: Type.String({ format: 'uri-reference', description: 'The path of the request.' }),
  request_id: Type.String({ description: 'Identifies the request in the logs.' }),
  timestamp: Type.String({ format: 'date-time', description: 'When it happened, in UTC.' }),
}

/** The body of every error response (RFC 9457). */
export const Problem = Type.Object(members, {
  $id: 'Problem',
  additionalProperties: true,
  description: 'An error, as RFC 9457 has it.',
})
export type Problem = Static<typeof Problem>

/** A problem that lists every fault of a request. */
export const ValidationProblem = Type.Object(
  {
    ...members,
    errors: Type.Array(ValidationIssue, { description: 'Every fault.' }),
  },
  {
    $id: 'ValidationProblem',
    additionalProperties: true,
    description: 'A problem that lists every fault of the request.',
  },
)

type FailedRequest = Pick<FastifyRequest, 'url' | 'id'>

export const problemMediaType = 'application/problem+json'

/**
 * The document for an error that a request met.
 *
 * @param baseUri where the pages of the problem types are; this service if empty
 */
export function toProblem(error: AppError, { url, id }: FailedRequest, baseUri: string): Problem {
  const problem = {
    checks: error.extra.checks,
    errors: error.extra.errors,
    type: error.type.startsWith('/') ? `${baseUri}${error.type}` : error.type,
    title: error.title,
    status: error.status,
    detail: error.message,
    instance: instanceOf(error.instance ?? url),
    request_id: id,
    timestamp: new Date().toISOString(),
  }
  return problem
}

/**
 * Query strings may hold secrets, so only the path is repeated: as a reference that leads to no
 * other host, with what no URI holds percent-encoded.
 *
 * @see RFC 3986, sections 3.3 and 4.2
 */
function instanceOf(url: string): string {
  const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? ''
  if (!path.startsWith('/')) return '/'
  // Node reads the bytes of a path as latin1.
  const encode = (byte: string) => `%${Buffer.from(byte, 'latin1').toString('hex').toUpperCase()}`
  return path.replace(/[^\w\-.~!$&'()*+,;=:@/%]|%(?![\da-f]{2})/gi, encode).replace(/^\/\//, '/.//')
}

/** Stands in the documentation for whatever problem a route does not name. */
export const anyProblem = problemResponse('Problem', 'An error')

/**
 * The entries of a route's `schema.response` for the problems that it answers with:
 * `response: { 200: Product, ...problems(404, 422) }`.
 */
export function problems<const S extends readonly number[]>(
  ...statuses: S
): { [K in S[number]]: ReturnType<typeof problemResponse> } {
  const entries = statuses.map((status) => [
    status,
    problemResponse(status === 422 ? 'ValidationProblem' : 'Problem', STATUS_CODES[status]),
  ])
  return Object.fromEntries(entries)
}

function problemResponse(schema: string, description = 'Error') {
  return { description, content: { [problemMediaType]: { schema: Type.Ref(schema) } } }
}
