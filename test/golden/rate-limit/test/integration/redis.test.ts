import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { runCommand } from '../support/console.ts'
import { LogLines } from '../support/log.ts'
import { redisUrl, reportMissingRedis, TestRedis, waitLongerForRedis } from '../support/redis.ts'

reportMissingRedis()

let app: FastifyInstance | undefined

afterEach(() => app?.close())

test('without REDIS_URL there is no connection and no health check', async () => {
  app = await testApp()
  expect(app.redis).toBeUndefined()
  expect(await app.healthChecks.run()).not.toHaveProperty('redis')
})

test.each([
  'redis://:secret#1@localhost:6379',
  'redis://:secret@localhost/cache',
  'http://:secret@localhost',
])('config check refuses %s without showing the password', async (url) => {
  const { exitCode, stderr } = await runCommand(['config', 'check'], { REDIS_URL: url })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('REDIS_URL has a wrong value; expected a URL such as redis://')
  expect(stderr).not.toContain('secret')
})

test('config show masks REDIS_URL, and accepts an encoded password', async () => {
  const REDIS_URL = 'rediss://user:a%23b@cache.internal:6380/3'
  const { stdout } = await runCommand(['config', 'show'], { REDIS_URL })
  expect(stdout).toMatch(/^REDIS_URL +\*{8} +environment$/m)
  expect(loadConfig({ REDIS_URL }).redis.url).toBe(REDIS_URL)
})

test('starts and stays ready without Redis, and logs the outage once', async () => {
  const log = new LogLines()
  const env = { LOG_LEVEL: 'info', REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }
  app = await testApp(env, { logStream: log })
  await expect(app.redis?.get('x')).rejects.toThrow()
  expect((await app.inject('/health/ready')).json()).toMatchObject({
    status: 'ready',
    checks: { redis: { status: 'down', critical: false } },
  })
  expect(log.with('redis unavailable')).toMatchObject([{ redis: '127.0.0.1:1/0' }])
  expect(JSON.stringify(log.lines)).not.toContain('hunter2')
})

test.skipIf(!redisUrl)('prefixes every key, and disconnects on close', async () => {
  const redis = new TestRedis()
  app = await testApp(redis.env)
  waitLongerForRedis(app)
  await app.redis?.set('greeting', 'hello')
  expect(await redis.keys()).toContain('greeting')
  await app.close()
  await expect.poll(() => app?.redis?.status).toBe('end')
  await redis.drop()
})
