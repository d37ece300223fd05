import fp from 'fastify-plugin'
import { CacheManager } from './manager.ts'
import { CacheMeter } from './metrics.ts'
import { openStore, storeKindOf } from './open-store.ts'
import { answerFromCache, invalidateAfter } from './route-cache.ts'
import { CacheUnavailableError } from './store.ts'
import { openQueue } from './write-stream.ts'

declare module 'fastify' {
  interface FastifyInstance {
    cache: CacheManager
  }
}

/** Provides `app.cache`. */
export const cache = fp(
  async (app) => {
    const { config, log } = app
    const meter = new CacheMeter(app.metrics, 'app', storeKindOf(config) !== 'none')
    const store = await openStore(config, log)
    const queue = await openQueue(config, { meter, log })
    app.decorate('cache', new CacheManager(store, { ...config.cache, meter, log, queue }))
    // Plugins close in reverse order, so waiting writes still find the database.
    app.addHook('onClose', () => app.cache.close())
    if (!['redis', 'tiered'].includes(storeKindOf(config))) return
    const check = async () => {
      if (store.stats().isAway) throw new CacheUnavailableError(0)
    }
    app.healthChecks.add({ name: 'cache', critical: false, check })
  },
  { name: 'cache', dependencies: ['redis'] },
)

/** Caches and invalidates as routes declare in `config.cache`. */
export const routeCache = fp(
  async (app) => {
    if (storeKindOf(app.config) === 'none') return
    app.addHook('onRoute', (route) => {
      const declared = route.config?.cache
      if (declared === undefined) return
      if ('ttl' in declared) answerFromCache(route, declared, app.cache)
      else invalidateAfter(route, declared.invalidates, app.cache)
    })
  },
  { name: 'route-cache', dependencies: ['cache'] },
)
