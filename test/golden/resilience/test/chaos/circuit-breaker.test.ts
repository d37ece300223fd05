import autocannon from 'autocannon'
import { expect, test } from 'vitest'
import { HttpClient } from '../../src/resilience/http-client.ts'
import { policy } from '../../src/resilience/policy.ts'
import { testApp } from '../support/app.ts'
import { answer, Callee } from '../support/callee.ts'

const timeoutMs = 2_000
const openTimeoutMs = 3_000
const well = answer(200, '{"amount":"9.50"}')
const hang = () => {}

/** What five clients at a time were answered, and the 99th percentile in milliseconds. */
async function load(url: string, amount: number) {
  const result = await autocannon({ url, connections: 5, amount, timeout: 10 })
  return {
    errors: result.errors,
    ok: result['2xx'],
    failed: result['5xx'],
    p99: result.latency.p99,
  }
}

test.each<[string, (callee: Callee) => unknown, (callee: Callee) => unknown]>([
  ['is down', (callee) => callee.stop(), (callee) => callee.start()],
  [
    'hangs',
    (callee) => {
      callee.answer = hang
    },
    (callee) => {
      callee.answer = well
    },
  ],
])(
  'a callee that %s delays few requests; once it recovers, the circuit closes',
  async (name, fail, recover) => {
    const callee = await new Callee(well).start()
    const app = await testApp()
    try {
      const breaker = app.createBreaker('prices', { openTimeoutMs })
      const client = new HttpClient({
        baseUrl: callee.url,
        policy: policy({ timeoutMs, retry: { attempts: 2, baseMs: 10 }, breaker }),
      })
      app.get('/price', async (request) => {
        return (await client.request('/', { signal: request.signal })).body
      })
      const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/price`
      expect(await load(url, 100)).toMatchObject({ errors: 0, ok: 100 })

      await fail(callee)
      // The first five wait for their timeout, like each trial; all others are rejected at once.
      const { p99, ...answers } = await load(url, 1_500)
      console.info(`A callee that ${name}: p99 ${p99} ms`)
      expect(answers).toEqual({ errors: 0, ok: 0, failed: 1_500 })
      expect(p99).toBeLessThan(timeoutMs / 2)
      expect(breaker.stats().state).not.toBe('closed')

      await recover(callee)
      const closed = async () => {
        await app.inject('/price')
        return breaker.stats().state
      }
      await expect.poll(closed, { timeout: 10_000 }).toBe('closed')
      expect(await load(url, 100)).toMatchObject({ errors: 0, ok: 100 })
    } finally {
      await app.close()
      await callee.stop()
    }
  },
  120_000,
)
