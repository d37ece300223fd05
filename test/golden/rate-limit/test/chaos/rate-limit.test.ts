import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

reportMissingRedis()

const patient = { timeout: 20_000 }

test.skipIf(!redisUrl).each([
  ['open', 200],
  ['closed', 503],
] as const)('%s: answers %i while Redis is silent under load', async (mode, status) => {
  const redis = new TestRedis()
  const proxy = await new TcpProxy(redis.url).start()
  const log = new LogLines()
  const settings = { RATE_LIMIT_ADDRESS_LIMIT: '0', RATE_LIMIT_ON_STORE_ERROR: mode }
  const env = { ...redis.env, REDIS_URL: proxy.url, LOG_LEVEL: 'warn', ...settings }
  const app = await testApp({ ...env, RATE_LIMIT_ENABLED: 'true' }, { logStream: log })
  const rateLimit = { limit: 1_000_000, window: 60 }
  app.get('/work', { config: { rateLimit } }, async () => ({}))
  await app.ready()

  const statuses: number[] = []
  let isOver = false
  const client = async () => {
    while (!isOver) {
      statuses.push((await app.inject('/work')).statusCode)
      await new Promise(setImmediate)
    }
  }
  const load = Promise.all(Array.from({ length: 10 }, client))
  const lost = () => log.with('rate limit store lost').length
  const back = () => log.with('rate limit store is back').length

  const progress = async (count: number) => {
    const goal = statuses.length + count
    await expect.poll(() => statuses.length, patient).toBeGreaterThan(goal)
  }
  await progress(50)
  // A very busy machine may have lost it before.
  const [losses, returns] = [lost(), back()]
  proxy.mode = 'silent'
  await expect.poll(lost, patient).toBeGreaterThan(losses)
  await progress(200)
  expect(statuses.at(-1)).toBe(status)
  expect((await app.inject('/health/ready')).statusCode).toBe(200)
  proxy.mode = 'open'
  await expect.poll(back, patient).toBeGreaterThan(returns)
  await progress(50)
  isOver = true
  await load
  expect(new Set(statuses)).toEqual(new Set([200, status]))
  await app.close()
  await proxy.stop()
  await redis.drop()
})
