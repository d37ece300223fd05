import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CacheManager } from '../../../src/cache/manager.ts'
import { MemoryStore } from '../../../src/cache/memory-store.ts'
import { CacheMeter } from '../../../src/cache/metrics.ts'
import { CacheUnavailableError, type Writer } from '../../../src/cache/store.ts'
import { WriteStream } from '../../../src/cache/write-stream.ts'
import { Metrics } from '../../../src/observability/metrics.ts'
import { createRedis } from '../../../src/redis/connection.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { RedisServer } from '../support/redis-server.ts'

reportMissingRedis()

const patient = { timeout: 60_000, interval: 20 }
const stream = 'cache-writes'

const meter = new CacheMeter(new Metrics(), 'test')
const log = { error: vi.fn(), warn: vi.fn() }
const queues: WriteStream[] = []

beforeEach(() => {
  vi.clearAllMocks()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await Promise.all(queues.splice(0).map((queue) => queue.close()))
})

async function open(url: string, prefix: string, commandTimeout = 10_000) {
  const connection = createRedis(url, prefix)
  connection.options.commandTimeout = commandTimeout
  await connection.connect()
  const queue = new WriteStream(connection, { meter, log })
  queues.push(queue)
  return { queue, connection }
}

/** A writer that keeps the values, after it failed for those that are `bad`. */
function makeWriter(...bad: unknown[]) {
  const values: unknown[] = []
  const writer = vi.fn<Writer<unknown>>(async (writes) => {
    if (writes.some(({ value }) => bad.includes(value))) throw new Error('refused')
    values.push(...writes.map(({ value }) => value))
  })
  return { values, writer }
}

describe.skipIf(!redisUrl)('a stream of writes', () => {
  let redis: TestRedis

  beforeEach(async () => {
    redis = new TestRedis()
    await redis.client.connect()
  })
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()))
    await redis.drop()
  })

  /** Adds many writes at once, as any process of the service does. */
  async function fill(count: number, writer = 'test'): Promise<void> {
    const pipeline = redis.client.pipeline()
    for (let at = 0; at < count; at += 1) {
      pipeline.xadd(stream, '*', 'writer', writer, 'key', `key-${at}`, 'value', String(at))
    }
    await pipeline.exec()
  }

  test('is empty when its writes are made, and its depth is 0', async () => {
    await fill(5_000)
    const { queue } = await open(redis.url, redis.prefix)
    const { values, writer } = makeWriter()
    queue.addWriter('test', writer)
    await expect.poll(() => queue.depth, patient).toBeGreaterThan(1_000)
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
    expect(values).toEqual(Array.from({ length: 5_000 }, (_, at) => at))
    await expect.poll(() => queue.depth, patient).toBe(0)
    expect(await redis.client.memory('USAGE', stream)).toBeLessThan(10_000)
  })

  test('makes callers wait while it has 10,000 writes', async () => {
    await fill(10_000)
    const { queue } = await open(redis.url, redis.prefix)
    let begin = () => {}
    const ready = new Promise<void>((resolve) => (begin = resolve))
    queue.addWriter('test', () => ready)
    const isAccepted = vi.fn()
    const adding = queue.add({ key: 'one more', value: 1, writer: 'test' }).then(isAccepted)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(isAccepted).not.toHaveBeenCalled()
    begin()
    await adding
  })

  test('is taken in parts: a process keeps a thousand of its writes in memory', async () => {
    await fill(5_000)
    const { queue, connection } = await open(redis.url, redis.prefix)
    const take = vi.spyOn(connection, 'takeWrites')
    let begin = () => {}
    const ready = new Promise<void>((resolve) => (begin = resolve))
    queue.addWriter('test', () => ready)
    await expect.poll(() => take.mock.calls.length, patient).toBeGreaterThan(15)
    const replies = await Promise.all(take.mock.results.map((result) => result.value))
    const taken = replies.flatMap((reply) => reply?.[1] ?? [])
    expect(taken).toHaveLength(1_000)
    begin()
  })

  test('goes on past a write that always fails, which it keeps aside', async () => {
    const now = performance.now.bind(performance)
    let skippedMs = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now() + skippedMs)
    const { queue } = await open(redis.url, redis.prefix)
    const { values, writer } = makeWriter('bad')
    queue.addWriter('test', writer)
    for (const value of [1, 'bad', 2, 3])
      await queue.add({ key: `${value}`, value, writer: 'test' })
    await expect.poll(() => values, patient).toHaveLength(3)
    expect(values).toEqual(expect.arrayContaining([1, 2, 3]))

    // Time passes faster, but slowly enough that the process looks into Redis meanwhile.
    const failed = () => redis.client.xrange(`${stream}:failed`, '-', '+')
    const hurry = async () => {
      skippedMs += 1_000
      return failed()
    }
    await expect.poll(hurry, { timeout: 200_000, interval: 250 }).toHaveLength(1)
    const [[, fields] = ['', []]] = await failed()
    expect(fields).toEqual([
      ...['error', 'Error: refused', 'writer', 'test', 'key', 'bad', 'value', '"bad"'],
    ])
    expect(log.error).toHaveBeenCalledExactlyOnceWith(
      { err: new Error('refused'), key: 'bad' },
      'write given up',
    )
    expect(await redis.client.xlen(stream)).toBe(0)
  })

  test('is left alone while another process may make its writes', async () => {
    const now = performance.now.bind(performance)
    let skippedMs = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now() + skippedMs)
    await fill(300)
    const { queue, connection } = await open(redis.url, redis.prefix)
    let finish = () => {}
    const writer = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)))
    queue.addWriter('test', writer)
    await expect.poll(() => writer.mock.calls.length, patient).toBe(1)
    // The answers of Redis don't come any more.
    let answer = () => {}
    const answers = new Promise<void>((resolve) => (answer = resolve))
    const take = connection.takeWrites.bind(connection)
    const silent = vi.spyOn(connection, 'takeWrites').mockImplementation(async (...args) => {
      await answers
      return take(...args)
    })
    await expect.poll(() => silent.mock.calls.length, patient).toBe(1)
    skippedMs = 6_000
    finish()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(writer).toHaveBeenCalledTimes(1)
    writer.mockResolvedValue(undefined)
    answer()
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
  })

  test('leaves the writes of a writer that a process does not have, until it has it', async () => {
    const { queue } = await open(redis.url, redis.prefix)
    const { values, writer } = makeWriter()
    queue.addWriter('test', writer)
    await fill(150, 'newer')
    await queue.add({ key: 'a', value: 'mine', writer: 'test' })
    await expect.poll(() => values, patient).toEqual(['mine'])
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(150)
    const newer = makeWriter()
    queue.addWriter('newer', newer.writer)
    await expect.poll(() => newer.values, patient).toHaveLength(150)
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
  })

  test('keeps what JSON keeps of a value, also nothing', async () => {
    const { queue } = await open(redis.url, redis.prefix)
    const { values, writer } = makeWriter()
    queue.addWriter('test', writer)
    for (const value of [0, '', false, null, undefined, { a: [1] }]) {
      await queue.add({ key: 'a', value, writer: 'test' })
    }
    await expect.poll(() => values, patient).toEqual([0, '', false, null, undefined, { a: [1] }])
  })
})

describe('while Redis is away', () => {
  let server: RedisServer

  beforeEach(async () => {
    server = await RedisServer.start()
  })
  afterEach(async () => {
    server.thaw()
    await Promise.all(queues.splice(0).map((queue) => queue.close()))
    await server.stop()
  })

  test.each(['killed', 'frozen'] as const)(
    '%s, no write is accepted; afterwards all are made',
    async (how) => {
      const { queue } = await open(server.url, 'test:', 500)
      const cache = new CacheManager(new MemoryStore(1e6), {
        ...{ ttl: 60, grace: 60, strategy: 'cache_aside', meter, log, queue },
      })
      const { values, writer } = makeWriter()
      cache.addWriter('test', writer)
      const accepted: number[] = []
      const add = async (value: number) => {
        await cache.setWriteBehind(`key-${value}`, value, 'test')
        accepted.push(value)
      }
      await expect.poll(() => add(1), patient).toBe(undefined)
      if (how === 'killed') await server.kill()
      else server.freeze()
      await expect(add(2)).rejects.toThrow(CacheUnavailableError)
      expect(await cache.getOrFetch('key-2', () => 'from the source')).toBe('from the source')
      if (how === 'killed') await server.restart()
      else server.thaw()
      await expect.poll(() => add(3), patient).toBe(undefined)
      await expect.poll(() => values, patient).toEqual(expect.arrayContaining(accepted))
    },
  )
})
