import autocannon from 'autocannon'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start()
  await server.listening()
})
afterAll(() => server.stop())

// How fast a machine is, the printed figures say. What is asserted holds on a busy one too.
test.each([
  ['/health/live', 10],
  ['/health/live', 100],
  ['/health/ready', 10],
])('GET %s answers every request of %i connections', async (path, connections) => {
  const url = `${server.url}${path}`
  const { requests, errors, timeouts, non2xx, latency } = await autocannon({
    url,
    connections,
    duration: 3,
    timeout: 30,
  })
  console.info(
    `GET ${path}, ${connections} connections: ${Math.round(requests.average)} requests/s; ` +
      `ms: p50 ${latency.p50}, p97.5 ${latency.p97_5}, p99 ${latency.p99}, max ${latency.max}`,
  )
  expect({ errors, timeouts, non2xx }).toEqual({ errors: 0, timeouts: 0, non2xx: 0 })
  expect(requests.total).toBeGreaterThan(connections)
})
