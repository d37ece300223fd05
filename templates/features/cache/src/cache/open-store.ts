import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/index.ts'
import { MemoryStore } from './memory-store.ts'
import type { CacheStore } from './store.ts'

type Settings = Pick<Config, 'cache' | 'redis'>

/** The configured store; by default one in which every process sees the others' invalidations. */
export function storeKindOf({ cache, redis, server }: Settings & Pick<Config, 'server'>) {
  if (cache.store) return cache.store
  if (redis.url !== undefined) return 'redis'
  return server.workers > 1 ? 'none' : 'memory'
}

/** The prefix of every cache key in Redis. */
export function keyPrefixOf({ cache, redis }: Settings): string {
  return `${redis.keyPrefix}cache:${cache.version}:`
}

/**
 * Opens the configured store; the caller closes it. It starts even while Redis is away, and
 * connects later.
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
  // Its own connections, because its deadlines are much shorter.
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
