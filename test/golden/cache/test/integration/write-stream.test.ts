import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CacheMeter } from '../../src/cache/metrics.ts'
import type { Writer } from '../../src/cache/store.ts'
import { WriteStream } from '../../src/cache/write-stream.ts'
import { loadConfig } from '../../src/config/index.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { createRedis } from '../../src/redis/connection.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'

reportMissingRedis()

const patient = { timeout: 60_000 }
const stream = 'cache-writes'

test('durable writes need Redis', () => {
  expect(() => loadConfig({ CACHE_DURABLE_WRITES: 'true' })).toThrow(
    'CACHE_DURABLE_WRITES is "true"; expected false without REDIS_URL',
  )
})

describe.skipIf(!redisUrl)('with Redis', () => {
  let redis: TestRedis
  const queues: WriteStream[] = []

  beforeEach(async () => {
    redis = new TestRedis()
    await redis.client.connect()
  })
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()))
    await redis.drop()
  })

  /** What a process of the service has; a busy machine isn't taken for an outage. */
  async function open(writer: Writer<unknown>): Promise<WriteStream> {
    const connection = createRedis(redis.url, redis.prefix)
    connection.options.commandTimeout = 10_000
    await connection.connect()
    const queue = new WriteStream(connection, {
      meter: new CacheMeter(new Metrics(), 'test'),
      log: { error: vi.fn() },
    })
    queue.addWriter('prices', writer)
    queues.push(queue)
    return queue
  }

  test('writes are made in their order and leave Redis', async () => {
    const written: unknown[] = []
    const queue = await open((writes) => written.push(...writes.map(({ value }) => value)))
    for (const value of [1, { amount: 2 }, null])
      await queue.add({ key: 'a', value, writer: 'prices' })
    await expect.poll(() => written, patient).toEqual([1, { amount: 2 }, null])
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
  })

  test('what a process leaves behind another one makes, with the same idempotency key', async () => {
    const ids: string[] = []
    const failing = await open((writes) => {
      ids.push(...writes.map((write) => write.idempotencyKey))
      throw new Error('busy')
    })
    await failing.add({ key: 'a', value: 1, writer: 'prices' })
    await expect.poll(() => ids.length, patient).toBeGreaterThan(0)
    await failing.close()
    const made: string[] = []
    await open((writes) => made.push(...writes.map((write) => write.idempotencyKey)))
    await expect.poll(() => made, patient).toEqual([ids[0]])
  })

  test('a function is no writer, because it ends with its process', async () => {
    const queue = await open(() => {})
    const adding = queue.add({ key: 'a', value: 1, writer: () => {} })
    await expect(adding).rejects.toThrow('a write needs the name of its writer')
    await expect(queue.add({ key: 'a', value: 1, writer: 'b' })).rejects.toThrow('No writer')
  })
})
