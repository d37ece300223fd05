import { createServer, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { name } from '../../../src/about.ts'
import { type Env, loadConfig } from '../../../src/config/index.ts'
import { createRedis } from '../../../src/redis/connection.ts'
import { testApp } from '../../support/app.ts'
import { runCommand } from '../../support/console.ts'
import { LogLines } from '../../support/log.ts'
import { redisUrl, reportMissingRedis, TestRedis, waitLongerForRedis } from '../../support/redis.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'

reportMissingRedis()

const patient = { timeout: 60_000 }

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

describe('REDIS_URL', () => {
  test.each([
    'redis://h',
    'redis://h/',
    'redis://h:6379/0',
    'rediss://user:hunter2@cache.internal:6380/15',
    'redis://:hunter2@[::1]:6379/1',
    'redis://:a%23b%2Fc%3Fd@h/2',
    'redis://h/99',
    'redis://h?family=6',
  ])('%s is accepted', (url) => {
    expect(loadConfig({ REDIS_URL: url }).redis.url).toBe(url)
  })

  test.each([
    // A raw # ends the host: hunter2 would be a port, or the host empty.
    'redis://:hunter2#1@h/1',
    'redis://:12#hunter2@h/1',
    'redis://u:12#hunter2@h/1',
    'redis://u:12/hunter2@h',
    'redis://u:12?hunter2@h',
    'redis://:hunter%2@h',
    'redis://:hunter2%zz@h',
    'redis://:hunter2@h/abc',
    'redis://:hunter2@h/1abc',
    'redis://:hunter2@h/-1',
    'redis://:hunter2@h/1/2',
    'redis://:hunter2@h?db=abc',
    'redis://:hunter2@h:99999',
    'redis://:hunter2@',
    'redis://',
    'http://:hunter2@h',
    'hunter2',
    '6379',
    '/tmp/hunter2.sock',
  ])('%s is refused by config check, by name and without the secret', async (url) => {
    const { exitCode, stderr } = await runCommand(['config', 'check'], { REDIS_URL: url })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('REDIS_URL has a wrong value; expected a URL such as redis://')
    expect(stderr).not.toContain('hunter2')
  })

  test('is the only thing that is needed: keys begin with the name of the service', () => {
    expect(loadConfig({}).redis.keyPrefix).toBe(`${name}:`)
    expect(loadConfig({ REDIS_KEY_PREFIX: 'x:' }).redis.keyPrefix).toBe('x:')
  })
})

test.each([
  ["READONLY You can't write against a read only replica.", true],
  ["READONLY You can't write against a read only replica. script: 1f, on @user_script:13.", true],
  [
    "ERR Error running script (call to f_1f): @user_script:13: @user_script: 13: -READONLY You can't write against a read only replica.",
    true,
  ],
  ['ERR unknown command, with args beginning with: `READONLY`', false],
  ['LOADING Redis is loading the dataset in memory', false],
])('reconnects after %j: %s', (message, expected) => {
  const { reconnectOnError } = createRedis('redis://h', '').options
  expect(reconnectOnError?.(new Error(message))).toBe(expected)
})

test('a Redis that never answers holds up the start no longer than a timeout', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => {
    socket.on('error', () => {})
    sockets.add(socket)
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as { port: number }
  const service = await start({ REDIS_URL: `redis://127.0.0.1:${port}` })
  await expect(service.redis?.ping()).rejects.toThrow()
  expect(log.with('redis unavailable')).toHaveLength(1)
  await service.close()
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => silent.close(resolve))
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

  /** The Redis of the tests, with another path and other credentials. */
  function urlWith(change: (url: URL) => void): string {
    const url = new URL(redis.url)
    change(url)
    return url.href
  }

  test('writes nothing anywhere when its database does not exist', async () => {
    const url = urlWith((it) => {
      it.pathname = '/9999'
    })
    const service = await start({ ...redis.env, REDIS_URL: url })
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await expect(service.redis?.set('lost', 'key')).rejects.toThrow()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const everywhere = new Redis(urlWith((it) => (it.pathname = '/0')))
    expect(await everywhere.keys(`${redis.prefix}*`)).toEqual([])
    await everywhere.quit()
    expect(log.with('redis unavailable')).toMatchObject([
      { redis: expect.stringMatching(/\/9999$/), reason: 'ERR DB index is out of range' },
    ])
    expect(log.with('redis connected')).toEqual([])
    const { checks, status } = (await service.inject('/health/ready')).json()
    expect({ status, redis: checks.redis.status }).toEqual({ status: 'ready', redis: 'down' })
  })

  test('logs a refused login without the password', async () => {
    const url = urlWith((it) => {
      it.username = 'nobody-of-this-name'
      it.password = 'hunter2'
    })
    const service = await start({ ...redis.env, REDIS_URL: url })
    await service.inject('/health/ready')
    expect(log.with('redis unavailable')).toMatchObject([
      { reason: expect.stringContaining('WRONGPASS') },
    ])
    expect(JSON.stringify(log.lines)).not.toContain('hunter2')
  })

  test('loses a connection, fails commands at once, and comes back by itself', async () => {
    const service = await start({ ...redis.env, REDIS_URL: proxy.url })
    waitLongerForRedis(service)
    expect(await service.redis?.ping()).toBe('PONG')
    proxy.mode = 'cut'
    await expect.poll(() => log.with('redis unavailable'), patient).toHaveLength(1)
    await expect(service.redis?.ping()).rejects.toThrow("Stream isn't writeable")
    proxy.mode = 'open'
    await expect.poll(() => log.with('redis connected'), patient).toHaveLength(2)
    expect(await service.redis?.ping()).toBe('PONG')
  })

  test('logs each outage once', async () => {
    await start({ ...redis.env, REDIS_URL: proxy.url })
    for (const outages of [1, 2]) {
      proxy.mode = 'cut'
      await expect.poll(() => log.with('redis unavailable'), patient).toHaveLength(outages)
      proxy.mode = 'open'
      await expect.poll(() => log.with('redis connected'), patient).toHaveLength(outages + 1)
    }
  })

  test('gives up waiting for a reply, and for a connection that went silent', async () => {
    const service = await start({ ...redis.env, REDIS_URL: proxy.url })
    proxy.mode = 'silent'
    await expect(service.redis?.ping()).rejects.toThrow('timed out')
    proxy.mode = 'open'
    await expect.poll(() => service.redis?.ping().catch(() => ''), patient).toBe('PONG')
  })
})
