import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/index.ts'
import { MemoryStore } from './memory-store.ts'
import type { CacheStore } from './store.ts'

/**
 * Opens the store that CACHE_STORE names; its owner closes it. It starts without Redis too, and
 * connects when that is there.
 */
export async function openStore(
  { cache, redis }: Pick<Config, 'cache' | 'redis'>,
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
): Promise<CacheStore> {
  const { store = redis.url === undefined ? 'memory' : 'redis', maxSize, version } = cache
  // Nothing fits into it.
  if (store === 'none') return new MemoryStore(1)
  const { url, keyPrefix } = redis
  if (store === 'memory' || url === undefined) return new MemoryStore(maxSize)

  const { createRedis } = await import('../redis/connection.ts')
  const { RedisStore } = await import('./redis-store.ts')
  // Connections of its own: its commands are waited for only a moment.
  const connection = () => createRedis(url, `${keyPrefix}cache:${version}:`)
  const inRedis = new RedisStore(connection(), log)
  if (store === 'redis') {
    await inRedis.connect()
    return inRedis
  }
  const { TieredStore } = await import('./tiered-store.ts')
  const tiered = new TieredStore(new MemoryStore(maxSize), inRedis, connection())
  await tiered.connect()
  return tiered
}
