import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import type { Problem } from '../../src/errors/problem.ts'
import { expectSecurityHeaders } from './security-headers.ts'

/**
 * Asserts that a response is a complete problem document of the named type, with every security
 * header, and gives it.
 *
 * @param members further members that it must have
 */
export function expectProblem(
  response: LightMyRequestResponse,
  status: number,
  type: string,
  members: Partial<Problem> = {},
): Problem & Record<string, unknown> {
  const problem = response.json()
  expect({ status: response.statusCode, ...problem }).toMatchObject({
    type: `/errors/${type}`,
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/./),
    instance: expect.stringMatching(/^\/[^?]*$/),
    request_id: response.headers['x-request-id'],
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    ...members,
  })
  expect(problem.status).toBe(response.statusCode)
  expect(response.headers['content-type']).toBe('application/problem+json')
  expect(response.headers['cache-control']).toBe('no-store')
  expectSecurityHeaders(response.headers)
  return problem
}
