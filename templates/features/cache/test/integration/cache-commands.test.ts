import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyPrefixOf } from '../../src/cache/open-store.ts'
import { RedisStore } from '../../src/cache/redis-store.ts'
import { copyOf } from '../../src/cache/store.ts'
import { loadConfig } from '../../src/config/index.ts'
import { createRedis } from '../../src/redis/connection.ts'
import { runCommand } from '../support/console.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'

reportMissingRedis()

const commands = ['info', 'test', 'keys', 'get a', 'flush --force'].map((line) => line.split(' '))

test.each(commands)('without Redis, cache %s says where the cache is', async (...args) => {
  const { exitCode, stderr } = await runCommand(['cache', ...args])
  expect(exitCode).toBe(1)
  expect(stderr).toContain('The store is memory, and commands only see values in Redis')
  expect(stderr).toContain('monitor status')
})

test('a Redis that is away is named, with the reason', async () => {
  const { exitCode, stderr } = await runCommand(['cache', 'info'], {
    REDIS_URL: 'redis://127.0.0.1:1',
  })
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^Redis 127\.0\.0\.1:1\/0 can't be used: .*ECONNREFUSED/)
})

describe.skipIf(!redisUrl)('with Redis', () => {
  const redis = new TestRedis()
  const connection = createRedis(redis.url, keyPrefixOf(loadConfig(redis.env)))
  const store = new RedisStore(connection, { info() {}, warn() {} })

  beforeAll(async () => {
    // A busy machine isn't an outage.
    connection.options.commandTimeout = store.deadlineMs = 10_000
    await redis.client.connect()
    await store.connect()
    const values = { 'user:1': { email: 'ada@example.com', age: 36 }, 'user:2': 0, other: null }
    const copies = Object.entries(values).map(([key, value]) => [key, copyOf(key, value)] as const)
    await store.setMany(new Map(copies), { ttlMs: 600_000, graceMs: 0, tags: [] })
  })

  afterAll(async () => {
    await store.close()
    await redis.drop()
  })

  const run = (...args: string[]) => runCommand(['cache', ...args], redis.env)
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout)

  test('info shows the settings and counts the values', async () => {
    expect(await json('info')).toMatchObject({ store: 'redis', ttl: 60, version: '1', values: 3 })
    expect((await run('info')).stdout).toMatch(/^values +3$/m)
  })

  test('test writes, reads and removes a value', async () => {
    expect(await json('test')).toEqual({ ms: expect.any(Number) })
    expect(await store.keys('*', 10)).toHaveLength(3)
  })

  test('keys lists those that match, up to a limit', async () => {
    expect((await json('keys', '--pattern', 'user:*')).sort()).toEqual(['user:1', 'user:2'])
    expect(await json('keys', '--limit', '2')).toHaveLength(2)
    expect((await run('keys', '--pattern', 'none*')).stdout).toBe('There are none.\n')
  })

  test('get shows a value masked, and fails where there is none', async () => {
    const { key, value } = await json('get', 'user:1')
    expect({ key, value }).toEqual({ key: 'user:1', value: { email: 'a***@example.com', age: 36 } })
    const { exitCode, stderr } = await run('get', 'user:3')
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: "user:3 isn't cached, or has expired.\n",
    })
  })

  test('flush removes nothing without --force', async () => {
    const { exitCode, stderr } = await run('flush', '--pattern', 'user:*')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/user:\* from .*\. Add --force to do it\.\n$/)
    expect(await store.keys('*', 10)).toHaveLength(3)
    expect(await json('flush', '--pattern', 'user:*', '--force')).toEqual({ removed: 2 })
    expect(await store.keys('*', 10)).toEqual(['other'])
  })
})
