import { setTimeout as sleep } from 'node:timers/promises'
import { CacheManager } from '../../../dist-test/cache/manager.js'
import { MemoryStore } from '../../../dist-test/cache/memory-store.js'
import { CacheMeter } from '../../../dist-test/cache/metrics.js'
import { RedisStore } from '../../../dist-test/cache/redis-store.js'
import { TieredStore } from '../../../dist-test/cache/tiered-store.js'
import { Metrics } from '../../../dist-test/observability/metrics.js'
import { createRedis } from '../../../dist-test/redis/connection.js'

// A process with a cache, which reads as its parent says. Its source counts in Redis how often it is
// asked. Plain JavaScript, because anything else would load a compiler in each of them.
const [kind, url, prefix] = process.argv.slice(2)

function connection() {
  const client = createRedis(url, prefix)
  // A busy machine isn't an outage.
  Object.assign(client.options, { commandTimeout: 60_000, socketTimeout: 60_000 })
  return client
}

const log = { info() {}, warn: console.warn, error: console.error }
const redis = new RedisStore(connection(), log)
redis.deadlineMs = 60_000
const store = kind === 'redis' ? redis : new TieredStore(new MemoryStore(10e6), redis, connection())
await store.connect()
const meter = new CacheMeter(new Metrics(), 'test')
const cache = new CacheManager(store, { ttl: 60, grace: 0, strategy: 'cache_aside', meter, log })
const source = connection()
await source.connect()

process.on('message', async ({ key, readers, fetchMs, ttl }) => {
  const fetch = async () => {
    const version = await source.incr(`fetches of ${key}`)
    await sleep(fetchMs)
    return version
  }
  const reads = Array.from({ length: readers }, () => cache.getOrFetch(key, fetch, { ttl }))
  process.send([...new Set(await Promise.all(reads))])
})
process.send('ready')
