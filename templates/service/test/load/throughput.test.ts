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

/** Clients that ask for so many seconds. Whoever waits for longer than ten has had no answer. */
async function load(path: string, connections: number, duration: number) {
  const url = `${server.url}${path}`
  const result = await autocannon({ url, connections, duration, timeout: 10 })
  const { requests, errors, timeouts, latency } = result
  const { p50, p97_5, p99, max } = latency
  console.info(
    `GET ${path}, ${connections} connections: ${Math.round(requests.average)} requests/s; ` +
      `ms: p50 ${p50}, p97.5 ${p97_5}, p99 ${p99}, max ${max}`,
  )
  expect({ errors, timeouts }).toEqual({ errors: 0, timeouts: 0 })
  return result
}

test.each([
  ['/health/live', 10],
  ['/health/live', 100],
  ['/health/ready', 10],
])('GET %s, %i connections', async (path, connections) => {
  const { non2xx, latency, '2xx': well } = await load(path, connections, 3)
  expect(non2xx).toBe(0)
  expect(well).toBeGreaterThan(connections)
  expect(latency.p50).toBeLessThan(limits.p50)
  expect(latency.p99).toBeLessThan(limits.p99)
})

test('refusals under load are no failures', async () => {
  const { '4xx': refused, non2xx } = await load('/nowhere', 10, 1)
  expect(refused).toBeGreaterThan(10)
  expect(non2xx).toBe(refused)
})
