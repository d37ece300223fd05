import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/index.ts'
import { MemoryStore } from './memory-store.ts'
import type { CacheStore } from './store.ts'
import { TieredStore } from './tiered-store.ts'

/** The configured store; by default one in which every process sees the others' invalidations. */
export function storeKindOf({ cache, redis, server }: Pick<Config, 'cache' | 'redis' | 'server'>) {
  if (cache.store) return cache.store
  if (redis.url !== undefined) return 'redis'
  return server.workers > 1 ? 'none' : 'memory'
}

/** The prefix of every cache key in Redis. */
export function keyPrefixOf({ cache, redis }: Pick<Config, 'cache' | 'redis'>): string {
  return `${redis.keyPrefix}cache:${cache.version}:`
}

/**
 * Opens the configured store; the caller closes it. It starts even while Redis is away, and
 * connects later.
 */
export async function openStore(
  config: Pick<Config, 'cache' | 'redis' | 'server'>,
  log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
): Promise<CacheStore> {
  const { url } = config.redis
  const kind = storeKindOf(config)
  // Nothing fits into a single byte.
  const memory = new MemoryStore(kind === 'none' ? 1 : config.cache.maxSize)
  if (url === undefined || !['redis', 'tiered'].includes(kind)) return memory

  const { createRedis } = await import('../redis/connection.ts')
  const { RedisStore } = await import('./redis-store.ts')
  // Connections of their own, because their deadlines are much shorter.
  const connection = () => createRedis(url, keyPrefixOf(config))
  const inRedis = new RedisStore(connection(), log)
  const store = kind === 'redis' ? inRedis : new TieredStore(memory, inRedis, connection())
  await store.connect()
  return store
}
