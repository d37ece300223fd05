import { type Static, Type } from 'typebox'
import type { AppError } from './app-error.ts'

const members = {
  type: Type.String({
    format: 'uri-reference',
    description: 'The kind of problem.',
    examples: ['/errors/not-found'],
  }),
  title: Type.String({
    description: 'The kind of problem in words; the same for every occurrence.',
    examples: ['Resource Not Found'],
  }),
  status: Type.Integer({ description: 'The HTTP status.', examples: [404] }),
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
    errors: Type.Array(
      Type.Object({
        detail: Type.String({ description: 'What is wrong.' }),
        pointer: Type.String({ description: 'JSON Pointer to it.', examples: ['#/name'] }),
        in: Type.Optional(
          Type.Enum(['path', 'query', 'header'], {
            description: 'The part of the request; the body if absent.',
          }),
        ),
      }),
      { description: 'Every fault.' },
    ),
  },
  {
    $id: 'ValidationProblem',
    additionalProperties: true,
    description: 'A problem that lists every fault of the request.',
  },
)
export type ValidationProblem = Static<typeof ValidationProblem>

export const problemMediaType = 'application/problem+json'

/** The document for an error that met the request `requestId` to the URL `url`. */
export function toProblem(error: AppError, url: string, requestId: string): Problem {
  return {
    ...error.extra,
    type: error.type,
    title: error.title,
    status: error.status,
    detail: error.message,
    instance: instanceOf(url),
    request_id: requestId,
    timestamp: new Date().toISOString(),
  }
}

/** Query strings may hold secrets, so only the path is repeated. */
function instanceOf(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  return path.startsWith('/') ? path : '/'
}
