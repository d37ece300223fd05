import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { sharedStores } from '../support/cache.ts'

reportMissingRedis()

const patient = { timeout: 60_000, interval: 20 }
const program = fileURLToPath(new URL('../support/cache-worker.mjs', import.meta.url))

interface Reads {
  key: string
  readers: number
  /** How long (ms) the source takes. */
  fetchMs: number
  /** Seconds. */
  ttl: number
}

describe.skipIf(!redisUrl).each(sharedStores)('four processes on %s', (kind) => {
  let redis: TestRedis
  let workers: ChildProcess[]

  beforeEach(async () => {
    redis = new TestRedis()
    workers = Array.from({ length: 4 }, () => fork(program, [kind, redis.url, redis.prefix]))
    await Promise.all(workers.map((worker) => once(worker, 'message')))
  })
  afterEach(async () => {
    for (const worker of workers) {
      if (worker.exitCode !== null || worker.signalCode !== null) continue
      const exited = once(worker, 'exit')
      worker.kill('SIGKILL')
      await exited
    }
    await redis.drop()
  })

  const fetches = async (key: string) => Number(await redis.client.get(`fetches of ${key}`))

  /** What the readers of one process got, without repetition. */
  async function read(worker: ChildProcess, reads: Reads): Promise<number[]> {
    worker.send(reads)
    const [values] = await once(worker, 'message')
    return values
  }

  const readEverywhere = (reads: Reads) =>
    Promise.all(workers.map((worker) => read(worker, { ...reads, readers: reads.readers / 4 })))

  test('a thousand who miss at once, and a thousand at its expiry, cause one fetch each', async () => {
    const reads = { key: 'a', readers: 1_000, fetchMs: 300, ttl: 1 }
    for (const fetch of [1, 2, 3]) {
      expect(await readEverywhere(reads)).toEqual([[fetch], [fetch], [fetch], [fetch]])
      expect(await fetches('a')).toBe(fetch)
      await expect.poll(() => redis.client.exists('value:a'), patient).toBe(1)
      await expect.poll(() => redis.client.exists('value:a'), patient).toBe(0)
    }
  })

  test('many keys at once cause one fetch each', async () => {
    const keys = Array.from({ length: 50 }, (_, at) => `key ${at}`)
    for (const key of keys) {
      await readEverywhere({ key, readers: 40, fetchMs: 0, ttl: 60 })
      expect(await fetches(key)).toBe(1)
    }
  })

  test('another takes over the fetch of one that died', async () => {
    const [doomed, ...others] = workers
    const reads = { key: 'a', readers: 10, fetchMs: 600_000, ttl: 60 }
    doomed?.send(reads)
    await expect.poll(() => fetches('a'), patient).toBe(1)
    doomed?.kill('SIGKILL')
    const values = await Promise.all(
      others.map((worker) => read(worker, { ...reads, fetchMs: 100 })),
    )
    expect(values).toEqual([[2], [2], [2]])
    expect(await fetches('a')).toBe(2)
  })

  test('a fetch that takes long keeps its right to store', async () => {
    const [slow, other] = workers as [ChildProcess, ChildProcess]
    const reads = { key: 'a', readers: 1, fetchMs: 5_000, ttl: 60 }
    const value = read(slow, reads)
    await expect.poll(() => fetches('a'), patient).toBe(1)
    expect(await value).toEqual([1])
    await expect.poll(() => redis.client.exists('value:a'), patient).toBe(1)
    expect(await read(other, reads)).toEqual([1])
  })
})
