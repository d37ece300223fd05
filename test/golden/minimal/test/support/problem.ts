import type { LightMyRequestResponse } from 'fastify'
import { Value } from 'typebox/value'
import { expect } from 'vitest'
import { Problem, ValidationProblem } from '../../src/http/problem.ts'
import { expectSecurityHeaders } from './security-headers.ts'

type AnyProblem = Problem & Record<string, unknown>

/** Asserts that a body is a problem document that fits its schema and has no stack; returns it. */
export function expectProblemBody(body: string, status: number): AnyProblem {
  const problem = JSON.parse(body)
  const schema = status === 422 ? ValidationProblem : Problem
  expect(Value.Errors(schema, problem), body).toEqual([])
  expect(problem.status, body).toBe(status)
  expect(body).not.toMatch(/node_modules|\.[cm]?[jt]s:\d|\\n +at /)
  return problem
}

/** Tests send it as a value; no error may repeat it. */
export const marker = 'canary7f3a'

/** The parts of a response that are checked here. */
export interface Answer {
  status: number
  headers: Record<string, unknown>
  body: string
}

/** Asserts what holds for every response, whatever was asked. */
export function expectSoundAnswer({ status, headers, body }: Answer, what?: string): void {
  expectSecurityHeaders(headers, what)
  if (status < 400) return
  expect(headers['content-type'], what).toBe('application/problem+json')
  expect(headers['cache-control'], what).toBe('no-store')
  if (body === '') return
  const problem = expectProblemBody(body, status)
  expect(problem.request_id, what).toBe(headers['x-request-id'])
  // It names the path and unknown fields, but no values.
  const { instance: _path, errors, ...rest } = problem
  const details = [errors].flat().map((it) => (it as { detail?: string } | undefined)?.detail)
  expect(JSON.stringify([rest, details, headers]), what).not.toContain(marker)
}

/**
 * Asserts that a response is a complete problem document of that type, with all security headers, and
 * returns it.
 *
 * @param members values of members that it must have
 */
export function expectProblem(
  response: LightMyRequestResponse,
  status: number,
  type: string,
  members: Partial<Problem> = {},
): AnyProblem {
  const problem = expectProblemBody(response.body, response.statusCode)
  expect(problem).toMatchObject({
    type: `/errors/${type}`,
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/./),
    instance: expect.stringMatching(/^\/[^?#]*$/),
    request_id: response.headers['x-request-id'],
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    ...members,
  })
  expect(response.headers['content-type']).toBe('application/problem+json')
  expect(response.headers['cache-control']).toBe('no-store')
  expectSecurityHeaders(response.headers)
  return problem
}
