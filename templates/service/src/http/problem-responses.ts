import { STATUS_CODES } from 'node:http'
import { type TSchema, Type } from 'typebox'
import { problemMediaType } from './problem.ts'

interface ProblemResponse {
  description: string
  content: { 'application/problem+json': { schema: TSchema } }
}

/** Stands in the documentation for whatever problem a route does not name. */
export const anyProblem: ProblemResponse = problemResponse('Problem', 'An error')

/**
 * The entries of a route's `schema.response` for the problems that it answers with:
 * `response: { 200: Product, ...problems(404, 422) }`.
 */
export function problems<const S extends readonly number[]>(
  ...statuses: S
): { [K in S[number]]: ProblemResponse } {
  const entries = statuses.map((status) => [
    status,
    problemResponse(status === 422 ? 'ValidationProblem' : 'Problem', STATUS_CODES[status]),
  ])
  return Object.fromEntries(entries)
}

function problemResponse(schema: string, description = 'Error'): ProblemResponse {
  return { description, content: { [problemMediaType]: { schema: Type.Ref(schema) } } }
}
