import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CacheManager } from '../../src/cache/manager.ts'
import { CacheMeter } from '../../src/cache/metrics.ts'
import { openStore } from '../../src/cache/open-store.ts'
import { CacheUnavailableError } from '../../src/cache/store.ts'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { Metrics } from '../../src/observability/metrics.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

reportMissingRedis()

const log = { info() {}, warn() {}, error() {} } as never
const patient = { timeout: 30_000 }

describe.skipIf(!redisUrl).each(['redis', 'tiered'])('CACHE_STORE=%s', (kind) => {
  let redis: TestRedis
  const caches: CacheManager[] = []

  beforeEach(() => {
    redis = new TestRedis()
  })
  afterEach(async () => {
    for (const cache of caches.splice(0)) await cache.close()
    await redis.drop()
  })

  /** The cache of one process. */
  async function process(env: Env = {}): Promise<CacheManager> {
    const config = loadConfig({ ...redis.env, CACHE_STORE: kind, ...env })
    const store = await openStore(config, log)
    const meter = new CacheMeter(new Metrics(), 'test')
    const cache = new CacheManager(store, { ...config.cache, meter, log })
    caches.push(cache)
    return cache
  }

  /** A busy machine may take Redis for lost: then nothing is cached or forgotten for a moment. */
  async function eventually(work: () => Promise<unknown>): Promise<void> {
    const isDone = async () => (await work().catch(() => false)) !== false
    await expect.poll(isDone, patient).toBe(true)
  }

  let version = 0
  const tags = ['products']
  const read = (cache: CacheManager) =>
    cache.getOrFetch(
      'a',
      async () => {
        version += 1
        return version
      },
      { tags },
    )

  test('processes share what one of them fetched, and forget what one invalidated', async () => {
    const [one, other] = [await process(), await process()]
    const isShared = async () => (await read(one)) === (await read(other))
    await eventually(isShared)
    const before = version
    await eventually(() => one.invalidateTags(tags))
    expect(await read(one)).toBeGreaterThan(before)
    await eventually(async () => (await read(other)) > before)
    await eventually(isShared)
  })

  test('nothing stays in Redis for ever', async () => {
    const cache = await process()
    await eventually(() => cache.setMany({ b: 1 }, { tags }))
    await read(cache)
    for (const key of await redis.keys()) expect(await redis.client.pttl(key)).toBeGreaterThan(0)
  })

  test('without Redis reads go to the source, and what could not be forgotten is later', async () => {
    const proxy = await new TcpProxy(redis.url).start()
    const [cut, other] = [await process({ REDIS_URL: proxy.url }), await process()]
    await eventually(() => other.setMany({ a: 'old' }))
    proxy.mode = 'cut'
    expect(await read(cut)).toBe(version)
    await expect(cut.delete('a')).rejects.toThrow(CacheUnavailableError)
    proxy.mode = 'open'
    await eventually(async () => (await read(other)) === version)
    await proxy.stop()
  })
})
