import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/index.ts'
import { MemoryStore } from './memory-store.ts'
import type { CacheStore } from './store.ts'

type Settings = Pick<Config, 'cache' | 'redis'>

/** Where values are kept; by default where every process learns what others invalidate. */
export function storeKindOf({ cache, redis, server }: Settings & Pick<Config, 'server'>) {
  if (cache.store) return cache.store
  if (redis.url !== undefined) return 'redis'
  return server.workers > 1 ? 'none' : 'memory'
}

/** What the keys of the cache begin with in Redis. */
export function keyPrefixOf({ cache, redis }: Settings): string {
  return `${redis.keyPrefix}cache:${cache.version}:`
}

/**
 * Opens the store of that kind; its owner closes it. It starts without Redis too, and
 * connects when that is there.
 */
export async function openStore(
  config: Settings & Pick<Config, 'server'>,
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
): Promise<CacheStore> {
  const { url } = config.redis
  const { maxSize } = config.cache
  const kind = storeKindOf(config)
  // Nothing fits into it.
  if (kind === 'none') return new MemoryStore(1)
  if (kind === 'memory' || url === undefined) return new MemoryStore(maxSize)

  const { createRedis } = await import('../redis/connection.ts')
  const { RedisStore } = await import('./redis-store.ts')
  // Connections of its own: its commands are waited for only a moment.
  const connection = () => createRedis(url, keyPrefixOf(config))
  const inRedis = new RedisStore(connection(), log)
  if (kind === 'redis') {
    await inRedis.connect()
    return inRedis
  }
  const { TieredStore } = await import('./tiered-store.ts')
  const tiered = new TieredStore(new MemoryStore(maxSize), inRedis, connection())
  await tiered.connect()
  return tiered
}
