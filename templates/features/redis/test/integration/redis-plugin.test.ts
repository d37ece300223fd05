import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { LogLines } from '../support/log.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

reportMissingRedis()

let app: FastifyInstance | undefined
let log: LogLines

beforeEach(() => {
  log = new LogLines()
})
afterEach(() => app?.close())

async function start(env: Env): Promise<FastifyInstance> {
  app = await testApp({ LOG_LEVEL: 'info', ...env }, { logStream: log })
  await app.ready()
  return app
}

test('a Redis that is not there: the service starts, is ready, and says it once', async () => {
  const service = await start({ REDIS_URL: 'redis://:hunter2@127.0.0.1:1' })
  await expect(service.redis?.get('x')).rejects.toThrow()
  expect((await service.inject('/health/ready')).json()).toMatchObject({
    status: 'ready',
    checks: { redis: { status: 'down', critical: false } },
  })
  expect(log.with('redis is not available')).toMatchObject([{ redis: '127.0.0.1:1' }])
  expect(JSON.stringify(log.lines)).not.toContain('hunter2')
})

test('a Redis that never answers costs the start no more than a timeout', async () => {
  const proxy = await new TcpProxy('redis://127.0.0.1:1').start()
  proxy.mode = 'silent'
  const begin = performance.now()
  const service = await start({
    REDIS_URL: proxy.url,
    REDIS_CONNECT_TIMEOUT_MS: '100',
    REDIS_COMMAND_TIMEOUT_MS: '20000',
  })
  await expect(service.redis?.ping()).rejects.toThrow()
  expect(performance.now() - begin).toBeLessThan(10_000)
  expect(log.with('redis is not available')).toHaveLength(1)
  await proxy.stop()
})

describe.skipIf(!redisUrl)('with Redis', () => {
  let redis: TestRedis
  let proxy: TcpProxy

  beforeEach(async () => {
    redis = new TestRedis()
    proxy = await new TcpProxy(redis.url).start()
  })
  afterEach(async () => {
    await app?.close()
    await proxy.stop()
    await redis.drop()
  })

  test('keys have the prefix, and the connection ends with the service', async () => {
    const service = await start(redis.env)
    await service.redis?.set('greeting', 'hello')
    expect(await redis.keys()).toEqual(['greeting'])
    await service.close()
    await expect.poll(() => service.redis?.status).toBe('end')
    expect(log.with('redis is not available')).toEqual([])
  })

  test('a lost connection fails commands at once, and comes back by itself', async () => {
    const service = await start({ ...redis.env, REDIS_URL: proxy.url })
    expect(await service.redis?.ping()).toBe('PONG')
    proxy.mode = 'cut'
    await expect.poll(() => log.with('redis is not available')).toHaveLength(1)
    const begin = performance.now()
    await expect(service.redis?.ping()).rejects.toThrow()
    expect(performance.now() - begin).toBeLessThan(250)
    proxy.mode = 'open'
    await expect.poll(() => log.with('redis connected'), { timeout: 10_000 }).toHaveLength(2)
    expect(await service.redis?.ping()).toBe('PONG')
  })

  test('REDIS_COMMAND_TIMEOUT_MS bounds the wait for an answer', async () => {
    const service = await start({
      ...redis.env,
      REDIS_URL: proxy.url,
      REDIS_COMMAND_TIMEOUT_MS: '100',
    })
    proxy.mode = 'silent'
    const begin = performance.now()
    await expect(service.redis?.ping()).rejects.toThrow('timed out')
    expect(performance.now() - begin).toBeLessThan(2_000)
    proxy.mode = 'open'
    await expect.poll(() => service.redis?.ping().catch(() => ''), { timeout: 10_000 }).toBe('PONG')
  })
})
