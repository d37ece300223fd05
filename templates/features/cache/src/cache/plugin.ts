import fp from 'fastify-plugin'
import { CacheManager } from './manager.ts'
import { MemoryStore } from './memory-store.ts'
import { CacheMeter } from './metrics.ts'
import { answerFromCache, invalidateAfter } from './route-cache.ts'

declare module 'fastify' {
  interface FastifyInstance {
    cache: CacheManager
  }
}

/** The cache of the service, `app.cache`. */
export const cache = fp(
  async (app) => {
    const { ttl, grace, strategy, maxSize } = app.config.cache
    const store = new MemoryStore(maxSize)
    const meter = new CacheMeter(app.metrics, 'app')
    const manager = new CacheManager(store, { ttl, grace, strategy, meter, log: app.log })
    app.decorate('cache', manager)
    // Requests have been answered by then, and the database is still there.
    app.addHook('onClose', () => manager.close())
  },
  { name: 'cache', dependencies: ['redis'] },
)

/** Honours the `cache` of routes. */
export const routeCache = fp(
  async (app) => {
    const { cache: manager, config } = app
    if (config.cache.store === 'none') return
    const isRefreshed = config.cache.strategy === 'refresh_ahead'
    const read = manager[isRefreshed ? 'getWithRefresh' : 'getOrFetch'].bind(manager)

    app.addHook('onRoute', (route) => {
      const declared = route.config?.cache
      if (declared === undefined) return
      if ('ttl' in declared) answerFromCache(route, declared, read)
      else invalidateAfter(route, declared.invalidates, manager)
    })
  },
  { name: 'route-cache', dependencies: ['cache'] },
)
