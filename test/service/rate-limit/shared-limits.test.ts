import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { type Sample, worstExcess } from '../support/rate-limit.ts'

reportMissingRedis()

const limit = 40
const windowMs = 60_000
const clientsOfEach = 6
const requestsOfEach = 60

describe.skipIf(!redisUrl)('two processes with one Redis', () => {
  let redis: TestRedis
  let servers: ServerProcess[]

  beforeAll(async () => {
    redis = new TestRedis()
    const env = {
      ...redis.env,
      DATABASE_URL: process.env.DATABASE_URL,
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_ADDRESS_LIMIT: String(limit),
    }
    servers = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)])
    await Promise.all(servers.map((server) => server.listening()))
  })
  afterAll(async () => {
    for (const server of servers) await server.stop()
    await redis.drop()
  })

  test('admit together no more than the limit plus time × rate', async () => {
    const samples: Sample[] = []
    const clients = servers.flatMap(({ url }) =>
      Array.from({ length: clientsOfEach }, async () => {
        for (let request = 0; request < requestsOfEach; request += 1) {
          const begin = performance.now()
          const { status } = await fetch(`${url}/nowhere`)
          samples.push({ begin, end: performance.now(), admitted: status === 404 })
          expect([404, 429]).toContain(status)
        }
      }),
    )
    await Promise.all(clients)
    const rate = limit / windowMs
    expect(worstExcess(samples, (ms) => limit + ms * rate)).toBeLessThanOrEqual(0)
    const admitted = samples.filter((sample) => sample.admitted).length
    expect(admitted).toBeGreaterThanOrEqual(limit)
    expect(admitted).toBeLessThan(samples.length)
  })
})
