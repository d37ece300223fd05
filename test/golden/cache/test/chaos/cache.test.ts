import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Cache } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

reportMissingRedis()

const cached: Cache = { ttl: 60, tags: ['count'] }
const invalidating: Cache = { invalidates: ['count'] }
const patient = { timeout: 20_000 }

test.skipIf(!redisUrl).each(['redis', 'tiered'])(
  '%s: no request fails and no read is stale while Redis is silent under load',
  async (store) => {
    const redis = new TestRedis()
    const proxy = await new TcpProxy(redis.url).start()
    const log = new LogLines()
    const env = { ...redis.env, REDIS_URL: proxy.url, CACHE_STORE: store, LOG_LEVEL: 'info' }
    const app = await testApp(env, { logStream: log })
    let count = 0
    app.get('/count', { config: { cache: cached } }, async () => ({ count }))
    app.post('/count', { config: { cache: invalidating } }, async () => {
      count += 1
      return { count }
    })

    let [reads, acknowledged, isOver] = [0, 0, false]
    const statuses = new Set<number>()
    const client = async () => {
      while (!isOver) {
        const known = acknowledged
        const { statusCode, body } = await app.inject('/count')
        statuses.add(statusCode)
        expect(JSON.parse(body).count).toBeGreaterThanOrEqual(known)
        reads += 1
        await setTimeout(1)
      }
    }
    const write = async () => {
      while (!isOver) {
        const { statusCode, body } = await app.inject({ method: 'POST', url: '/count' })
        statuses.add(statusCode)
        acknowledged = JSON.parse(body).count
        await setTimeout(5)
      }
    }
    const load = Promise.all([...Array.from({ length: 10 }, client), write()])
    const progress = async (more: number) => {
      const goal = reads + more
      await expect.poll(() => reads, patient).toBeGreaterThan(goal)
    }
    const isAway = () => log.with('cache unavailable').length > log.with('cache available').length
    await progress(50)
    proxy.mode = 'silent'
    await expect.poll(isAway, patient).toBe(true)
    await progress(200)
    expect((await app.inject('/health/ready')).statusCode).toBe(200)
    proxy.mode = 'open'
    await expect.poll(isAway, patient).toBe(false)
    await progress(50)
    isOver = true
    await load
    expect([...statuses]).toEqual([200])
    await app.close()
    await proxy.stop()
    await redis.drop()
  },
)
