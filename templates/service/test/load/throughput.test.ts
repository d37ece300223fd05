import autocannon from 'autocannon'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'

/*
 * The bounds hold on a busy machine too: they find a service that fails or stalls under load. How
 * fast it is, the printed figures say.
 */
const limits = { p50: 250, p99: 1_500 }

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start({})
  await server.listening()
})
afterAll(() => server.stop())

/** Latencies are in ms. */
function figures({ requests, duration, latency }: autocannon.Result): string {
  const { p50, p97_5, p99, max } = latency
  const rate = Math.round(requests.total / duration)
  return `${rate} requests/s; ms: p50 ${p50}, p97.5 ${p97_5}, p99 ${p99}, max ${max}`
}

test.each([
  ['/health/live', { connections: 10, amount: 4_000 }],
  ['/health/live', { connections: 100, amount: 4_000 }],
  ['/health/ready', { connections: 10, amount: 2_000 }],
])('GET %s, %j', async (path, load) => {
  const result = await autocannon({ url: `${server.url}${path}`, ...load, timeout: 10 })
  console.info(`GET ${path}, ${JSON.stringify(load)}: ${figures(result)}`)
  const { errors, timeouts, non2xx, latency } = result
  expect({ errors, timeouts, non2xx }).toEqual({ errors: 0, timeouts: 0, non2xx: 0 })
  expect(result['2xx']).toBe(load.amount)
  expect(latency.p50).toBeLessThan(limits.p50)
  expect(latency.p99).toBeLessThan(limits.p99)
})

test('unknown paths under load are problems, not failures', async () => {
  const result = await autocannon({
    url: `${server.url}/nowhere`,
    connections: 10,
    amount: 1_000,
    timeout: 10,
  })
  console.info(`GET /nowhere: ${figures(result)}`)
  const { errors, timeouts, non2xx } = result
  expect({ errors, timeouts, non2xx, failed: result['5xx'] }).toEqual({
    errors: 0,
    timeouts: 0,
    non2xx: 1_000,
    failed: 0,
  })
})
