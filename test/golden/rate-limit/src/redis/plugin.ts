import fp from 'fastify-plugin'
import type { Redis } from 'ioredis'
import { createRedis, redisAddress } from './connection.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The Redis of the service, where REDIS_URL names one. Its commands fail while it is away. */
    redis: Redis | undefined
  }
}

/**
 * Connects to Redis. The service starts and stays ready without it: what it is used for can do
 * without, and a restart would not bring it back.
 */
export const redis = fp(
  async (app) => {
    const { url, ...settings } = app.config.redis
    if (url === undefined) {
      app.decorate('redis', undefined)
      return
    }
    const redis = redisAddress(url)
    let closing = false
    const client = createRedis(url, settings, {
      onLost(error) {
        if (!closing) app.log.warn({ redis, err: error }, 'redis is not available')
      },
      onReady: () => app.log.info({ redis }, 'redis connected'),
    })
    app.decorate('redis', client)
    app.addHook('onClose', async () => {
      closing = true
      client.disconnect()
    })
    app.healthChecks.add({ name: 'redis', critical: false, check: () => client.ping() })
    // It is tried again by itself.
    await client.connect().catch(() => {})
  },
  { name: 'redis', dependencies: ['health'] },
)
