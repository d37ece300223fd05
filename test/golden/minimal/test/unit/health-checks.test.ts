import { afterEach, expect, test, vi } from 'vitest'
import { HealthChecks, isHealthy } from '../../src/http/health-checks.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('reports every check and tells why one failed', async () => {
  const onFailure = vi.fn()
  const checks = new HealthChecks(onFailure)
  const reason = new Error('no route')
  checks.add({ name: 'store', critical: true, check: async () => {} })
  checks.add({ name: 'mail', critical: false, check: () => Promise.reject(reason) })
  const report = await checks.run()
  expect(report).toMatchObject({
    store: { status: 'up', critical: true },
    mail: { status: 'down', critical: false },
  })
  expect(isHealthy(report)).toBe(true)
  expect(onFailure).toHaveBeenCalledExactlyOnceWith('mail', reason)
})

test('is not healthy while a critical check fails', async () => {
  const checks = new HealthChecks(() => {})
  checks.add({
    name: 'store',
    critical: true,
    check() {
      throw new Error('thrown before there was a promise')
    },
  })
  expect(isHealthy(await checks.run())).toBe(false)
})

test('a check that does not answer has failed', async () => {
  vi.useFakeTimers()
  const checks = new HealthChecks(() => {})
  checks.add({ name: 'store', critical: true, check: () => new Promise(() => {}) })
  const report = checks.run()
  await vi.advanceTimersByTimeAsync(2_000)
  expect((await report).store?.status).toBe('down')
})

test('whoever asks during a run shares it; the next one asks again', async () => {
  const check = vi.fn(async () => {})
  const checks = new HealthChecks(() => {})
  checks.add({ name: 'store', critical: true, check })
  await Promise.all([checks.run(), checks.run(), checks.run()])
  expect(check).toHaveBeenCalledTimes(1)
  await checks.run()
  expect(check).toHaveBeenCalledTimes(2)
})

test('a name is taken once', () => {
  const checks = new HealthChecks(() => {})
  const check = { name: 'store', critical: true, check: async () => {} }
  checks.add(check)
  expect(() => checks.add(check)).toThrow('store')
})
