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

  let version = 1
  const fetch = async () => version
  const tags = ['products']

  test('processes share what one of them fetched, and forget what one invalidated', async () => {
    const [one, other] = [await process(), await process()]
    const read = (cache: CacheManager) => cache.getOrFetch('a', fetch, { tags })
    const first = await read(one)
    // A machine that is busy enough takes Redis for lost, and asks the source.
    version += 1
    await expect.poll(() => read(other), patient).toBe(first)
    await one.invalidateTags(tags)
    expect(await read(one)).toBe(version)
    await expect.poll(() => read(other), patient).toBe(version)
  })

  test('nothing stays in Redis for ever', async () => {
    const cache = await process()
    await expect
      .poll(() => cache.getOrFetch('a', fetch, { tags }).then(() => redis.keys()), patient)
      .toContain('cache:1:value:a')
    for (const key of await redis.keys()) expect(await redis.client.pttl(key)).toBeGreaterThan(0)
  })

  test('without Redis reads go to the source, and what could not be forgotten is later', async () => {
    const proxy = await new TcpProxy(redis.url).start()
    const [cut, other] = [await process({ REDIS_URL: proxy.url }), await process()]
    await expect
      .poll(
        () =>
          other.setMany({ a: 'old' }).then(
            () => true,
            () => false,
          ),
        patient,
      )
      .toBe(true)
    proxy.mode = 'cut'
    expect(await cut.getOrFetch('b', fetch)).toBe(version)
    await expect(cut.delete('a')).rejects.toThrow(CacheUnavailableError)
    proxy.mode = 'open'
    await expect.poll(() => other.getOrFetch('a', fetch), patient).toBe(version)
    await proxy.stop()
  })
})
