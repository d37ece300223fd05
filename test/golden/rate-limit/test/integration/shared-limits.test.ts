import { setTimeout } from 'node:timers/promises'
import { describe, type TestContext, test } from 'vitest'
import { type Sample, worstExcess } from '../support/rate-limit.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'
import { ServerProcess } from '../support/server-process.ts'

reportMissingRedis()

const limit = 40
const windowMs = 1_000
const clientsOfEach = 6
const duration = 2_300

/** Two processes of the service that share a Redis, and many clients that call both. */
async function load(context: TestContext, algorithm: string): Promise<Sample[]> {
  const { expect } = context
  const redis = new TestRedis()
  context.onTestFinished(() => redis.drop())
  const env = {
    ...redis.env,
    DATABASE_URL: process.env.DATABASE_URL,
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMIT_ALGORITHM: algorithm,
    RATE_LIMIT_ADDRESS_LIMIT: String(limit),
    RATE_LIMIT_ADDRESS_WINDOW: String(windowMs / 1_000),
  }
  const servers = [await ServerProcess.start(env), await ServerProcess.start(env)]
  for (const server of servers) context.onTestFinished(() => server.stop())
  await Promise.all(servers.map((server) => server.listening()))

  const samples: Sample[] = []
  const until = performance.now() + duration
  const clients = servers.flatMap(({ url }) =>
    Array.from({ length: clientsOfEach }, async () => {
      while (performance.now() < until) {
        const begin = performance.now()
        const { status } = await fetch(`${url}/nowhere`)
        samples.push({ begin, end: performance.now(), admitted: status === 404 })
        expect([404, 429]).toContain(status)
        await setTimeout(1)
      }
    }),
  )
  await Promise.all(clients)
  return samples
}

const admittedOf = (samples: readonly Sample[]) => samples.filter((it) => it.admitted).length

describe.skipIf(!redisUrl)('two processes with one Redis', () => {
  test('sliding-window: together never more than the limit in any window', async (context) => {
    const { expect } = context
    const samples = await load(context, 'sliding-window')
    expect(worstExcess(samples, () => limit, windowMs)).toBeLessThanOrEqual(0)
    expect(admittedOf(samples)).toBeGreaterThanOrEqual(2 * limit)
    expect(samples.length).toBeGreaterThan(4 * limit)
  })

  test('token-bucket: together never more than the burst and the time × rate', async (context) => {
    const { expect } = context
    const samples = await load(context, 'token-bucket')
    const rate = limit / windowMs
    expect(worstExcess(samples, (ms) => limit + ms * rate)).toBeLessThanOrEqual(0)
    expect(admittedOf(samples)).toBeGreaterThanOrEqual(2 * limit)
    expect(samples.length).toBeGreaterThan(4 * limit)
  })
})
