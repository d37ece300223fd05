import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { expectProblem } from '../support/problem.ts'

const check = vi.fn(async () => {})
let log: LogLines
let app: FastifyInstance

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  log = new LogLines()
  app = await testApp({ LOG_LEVEL: 'info' }, { logStream: log })
  check.mockReset()
  app.healthChecks.add({ name: 'sample', critical: true, check })
  const alwaysDown = () => Promise.reject(new Error('always down'))
  app.healthChecks.add({ name: 'sample-extra', critical: false, check: alwaysDown })
})

afterEach(async () => {
  vi.useRealTimers()
  await app.close()
})

const statusOf = async (probe: string) => (await app.inject(`/health/${probe}`)).statusCode
const fail = () => check.mockRejectedValue(new Error('secret reason'))
const recover = () => check.mockResolvedValue()
const wait = (ms: number) => vi.advanceTimersByTime(ms)

test('ready lists the checks, and only critical ones must succeed', async () => {
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

test('ready is a 503 while a critical check fails, without the reason', async () => {
  fail()
  const response = await app.inject('/health/ready')
  const problem = expectProblem(response, 503, 'service-unavailable')
  expect(problem.checks).toMatchObject({ sample: { status: 'down' } })
  expect(response.headers['retry-after']).toBe('5')
  expect(response.body).not.toContain('secret')
  recover()
  wait(1_000)
  expect(await statusOf('ready')).toBe(200)
})

test('probes share a running check, and its result for a second', async () => {
  await Promise.all([statusOf('ready'), statusOf('ready'), statusOf('startup')])
  wait(999)
  await statusOf('ready')
  expect(check).toHaveBeenCalledTimes(1)
  wait(1)
  await statusOf('ready')
  expect(check).toHaveBeenCalledTimes(2)
})

test('the log says once why a check fails, and once that it has recovered', async () => {
  fail()
  for (let count = 0; count < 3; count += 1) {
    await statusOf('ready')
    wait(1_000)
  }
  const failed = log.with('health check failed').filter((line) => line.check === 'sample')
  expect(failed).toMatchObject([{ level: 'warn', err: { message: 'secret reason' } }])
  recover()
  await statusOf('ready')
  expect(log.with('health check recovered')).toMatchObject([{ check: 'sample' }])
})

test('live runs no check', async () => {
  fail()
  expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' })
  expect(check).not.toHaveBeenCalled()
})

test('startup waits until the critical checks have succeeded once', async () => {
  fail()
  expectProblem(await app.inject('/health/startup'), 503, 'service-unavailable')
  recover()
  wait(1_000)
  expect((await app.inject('/health/startup')).json()).toEqual({ status: 'started' })
  fail()
  wait(1_000)
  expect(await statusOf('startup')).toBe(200)
})

test('a service that shuts down is alive, not ready, and closes its connections', async () => {
  expect((await app.inject('/health/ready')).headers.connection).not.toBe('close')
  app.draining.active = true
  const ready = await app.inject('/health/ready')
  expectProblem(ready, 503, 'service-unavailable', { detail: 'The service is shutting down.' })
  expect(ready.headers.connection).toBe('close')
  expect(await statusOf('live')).toBe(200)
})
