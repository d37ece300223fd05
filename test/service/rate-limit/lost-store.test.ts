import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { LogLines } from '../../support/log.ts'
import { expectProblem } from '../../support/problem.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'

reportMissingRedis()

const patient = { timeout: 60_000 }

describe.skipIf(!redisUrl)('Redis goes away under load', () => {
  let redis: TestRedis
  let proxy: TcpProxy
  let app: FastifyInstance
  let log: LogLines

  beforeEach(async () => {
    redis = new TestRedis()
    proxy = await new TcpProxy(redis.url).start()
    log = new LogLines()
  })
  afterEach(async () => {
    await app.close()
    await proxy.stop()
    await redis.drop()
  })

  async function start(onStoreError: 'open' | 'closed', limit = 1_000_000): Promise<void> {
    const env = {
      ...redis.env,
      REDIS_URL: proxy.url,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_ADDRESS_LIMIT: '0',
      RATE_LIMIT_ON_STORE_ERROR: onStoreError,
    }
    app = await testApp(env, { logStream: log })
    app.get('/work', { config: { rateLimit: { limit, window: 3_600 } } }, async () => ({}))
    await app.ready()
  }

  /** Many clients that go on until the scene is over; returns how often each status came. */
  async function underLoad(scene: (statuses: Map<number, number>) => Promise<void>) {
    const statuses = new Map<number, number>()
    let isOver = false
    const clients = Array.from({ length: 10 }, async () => {
      while (!isOver) {
        const { statusCode } = await app.inject('/work')
        statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
        await new Promise(setImmediate)
      }
    })
    try {
      await scene(statuses)
    } finally {
      isOver = true
      await Promise.all(clients)
    }
    return statuses
  }

  const lost = () => log.with('rate limit store lost')
  const back = () => log.with('rate limit store is back')

  /** Redis goes, many requests come, Redis is there again. */
  async function outage(how: 'cut' | 'silent', statuses: Map<number, number>): Promise<void> {
    const total = () => [...statuses.values()].reduce((sum, count) => sum + count, 0)
    const pass = async (count: number) => {
      const goal = total() + count
      await expect.poll(total, patient).toBeGreaterThan(goal)
    }
    await pass(50)
    // A machine that is slow enough may have lost it before.
    const [losses, returns] = [lost().length, back().length]
    proxy.mode = how
    await expect.poll(() => lost().length, patient).toBeGreaterThan(losses)
    await pass(200)
    proxy.mode = 'open'
    await expect.poll(() => back().length, patient).toBeGreaterThan(returns)
    await pass(50)
  }

  test.each(['cut', 'silent'] as const)('open, %s: nobody notices', async (how) => {
    await start('open')
    const statuses = await underLoad((seen) => outage(how, seen))
    expect([...statuses.keys()]).toEqual([200])
    expect(lost()[0]).toMatchObject({ level: 'error', fails: 'open' })
    expect(back()[0]).toMatchObject({ level: 'warn' })
    // Each loss is logged once, and so is each return.
    expect(Math.abs(lost().length - back().length)).toBeLessThanOrEqual(1)
  })

  test.each(['cut', 'silent'] as const)('closed, %s: 503 until it is back', async (how) => {
    await start('closed')
    const statuses = await underLoad(async (seen) => {
      await outage(how, seen)
      const answered = () => seen.get(200) ?? 0
      const goal = answered() + 100
      await expect.poll(answered, patient).toBeGreaterThan(goal)
    })
    expect([...statuses.keys()].sort()).toEqual([200, 503])
    expect(statuses.get(503)).toBeGreaterThan(100)
    expect(lost()[0]).toMatchObject({ level: 'error', fails: 'closed' })
  })

  test('closed: the 503 is a problem that says when to come back; probes are answered', async () => {
    await start('closed')
    proxy.mode = 'cut'
    for (let request = 0; request < 3; request += 1) {
      const response = await app.inject('/work')
      expectProblem(response, 503, 'service-unavailable')
      expect(response.headers['retry-after']).toBe('1')
    }
    expect((await app.inject('/health/ready')).statusCode).toBe(200)
    expect((await app.inject('/health/live')).statusCode).toBe(200)
  })

  test('open: each process still holds clients to the limit', async () => {
    await start('open', 2)
    proxy.mode = 'cut'
    const statuses: number[] = []
    for (let request = 0; request < 4; request += 1) {
      statuses.push((await app.inject('/work')).statusCode)
    }
    expect(statuses).toEqual([200, 200, 429, 429])
  })

  test('limits a client when Redis was away right from the start', async () => {
    proxy.mode = 'cut'
    await start('open', 1)
    const statuses = [await app.inject('/work'), await app.inject('/work')]
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([200, 429])
  })
})
