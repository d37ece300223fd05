import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'

declare module 'fastify' {
  interface FastifyInstance {
    /** Only there with `REDIS_URL`. Its commands fail while Redis is away. */
    redis?: Redis
  }
}

/**
 * Connects to Redis. The service starts and stays ready without it, because every feature that uses
 * Redis can do without and a restart wouldn't bring it back.
 */
export const redis = fp(
  async (app) => {
    const { url, keyPrefix } = app.config.redis
    if (url === undefined) return
    const { createRedis, redisAddress } = await import('./connection.ts')
    const client = createRedis(url, keyPrefix)
    const redis = redisAddress(client)
    // Only the first error of an outage is logged, without the command, which may be a login.
    const warn = (err: Error) => app.log.warn({ redis, reason: err.message }, 'redis unavailable')
    client.once('error', warn)
    client.on('ready', () => {
      app.log.info({ redis }, 'redis connected')
      client.off('error', warn).once('error', warn)
    })
    app.decorate('redis', client)
    app.addHook('onClose', async () => client.disconnect())
    app.healthChecks.add({ name: 'redis', critical: false, check: () => client.ping() })
    // The listener above logs a failure, and the client keeps trying.
    await client.connect().catch(() => {})
  },
  { name: 'redis', dependencies: ['health'] },
)
