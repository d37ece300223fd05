import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'

let app: FastifyInstance
let broken: boolean

beforeEach(async () => {
  app = await testApp()
  broken = false
  app.healthChecks.add({
    name: 'sample',
    critical: true,
    async check() {
      if (broken) throw new Error('secret reason')
    },
  })
  app.healthChecks.add({
    name: 'sample-extra',
    critical: false,
    check: () => Promise.reject(new Error('always down')),
  })
})

afterEach(() => app.close())

test('ready lists the checks, and one that is not critical may fail', async () => {
  const response = await app.inject('/health/ready')
  expect(response.statusCode).toBe(200)
  expect(response.json()).toMatchObject({
    status: 'ready',
    checks: {
      sample: { status: 'up', critical: true, duration_ms: expect.any(Number) },
      'sample-extra': { status: 'down', critical: false },
    },
  })
})

test('a critical failure is a 503 until it is over, and the reason is not told', async () => {
  broken = true
  const response = await app.inject('/health/ready')
  const problem = expectProblem(response, 503, 'service-unavailable')
  expect(problem.checks).toMatchObject({ sample: { status: 'down' } })
  expect(response.headers['retry-after']).toBe('5')
  expect(response.body).not.toContain('secret')
  broken = false
  expect((await app.inject('/health/ready')).statusCode).toBe(200)
})

test('live does not care about checks', async () => {
  broken = true
  const response = await app.inject('/health/live')
  expect({ status: response.statusCode, body: response.json() }).toEqual({
    status: 200,
    body: { status: 'live' },
  })
})

test('startup waits for the critical checks once', async () => {
  broken = true
  expectProblem(await app.inject('/health/startup'), 503, 'service-unavailable')
  broken = false
  expect((await app.inject('/health/startup')).json()).toEqual({ status: 'started' })
  broken = true
  expect((await app.inject('/health/startup')).statusCode).toBe(200)
})

test('a service that drains is alive, not ready, and closes its connections', async () => {
  expect((await app.inject('/health/ready')).headers.connection).not.toBe('close')
  app.draining.begin()
  const ready = await app.inject('/health/ready')
  expectProblem(ready, 503, 'service-unavailable', { detail: 'The service is shutting down.' })
  expect(ready.headers.connection).toBe('close')
  expect((await app.inject('/health/live')).statusCode).toBe(200)
})
