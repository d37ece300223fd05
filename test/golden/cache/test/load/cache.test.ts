import autocannon from 'autocannon'
import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'

test('a cached route runs its handler once, whatever the load', async () => {
  const app = await testApp({ CACHE_STORE: 'memory' })
  let runs = 0
  app.get('/works', { config: { cache: { ttl: 3_600, tags: ['works'] } } }, async () => {
    runs += 1
    return { run: runs }
  })
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/works`
  const { requests, errors, timeouts, non2xx, latency } = await autocannon({
    url,
    connections: 50,
    amount: 5_000,
    timeout: 30,
  })
  await app.close()
  console.info(
    `GET /works, cached: ${Math.round(requests.average)} requests/s; ` +
      `ms: p50 ${latency.p50}, p99 ${latency.p99}, max ${latency.max}`,
  )
  expect({ errors, timeouts, non2xx, runs }).toEqual({ errors: 0, timeouts: 0, non2xx: 0, runs: 1 })
})
