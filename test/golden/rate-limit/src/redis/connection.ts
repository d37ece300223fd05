import { once } from 'node:events'
import { Redis } from 'ioredis'
import { name } from '../about.ts'

const connectTimeoutMs = 2_000
const commandTimeoutMs = 500
const maxReconnectDelayMs = 1_000

/**
 * Creates a client that isn't connected yet. It reconnects forever. Commands fail at once while
 * there is no connection, after 500 ms without a reply, and are never sent twice, because the first
 * one may have arrived.
 */
export function createRedis(url: string, keyPrefix: string): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    keyPrefix,
    connectionName: name,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // Replaces a connection that has gone silent, as after a failover.
    socketTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A primary that became a replica refuses writes; the host name may lead to the new primary.
    reconnectOnError: ({ message }) => /(^|-)READONLY /.test(message),
    retryStrategy: (attempt) => Math.random() * Math.min(100 * 2 ** attempt, maxReconnectDelayMs),
  })
  redis.on('error', ({ command }: Error & { command?: { name: string } }) => {
    // Without its database, ioredis would carry on in database 0.
    if (command?.name === 'select') redis.disconnect(true)
  })
  return redis
}

/** Connects. @throws what went wrong, which only the `error` event tells */
export async function connect(redis: Redis): Promise<void> {
  redis.connect().catch(() => {})
  await once(redis, 'ready')
}

/** Host, port and database, for logs and messages. */
export function redisAddress({ options: { host, port, db } }: Redis): string {
  return `${host}:${port}/${db}`
}
