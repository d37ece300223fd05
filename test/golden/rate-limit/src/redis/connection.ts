import { Redis } from 'ioredis'
import { name } from '../about.ts'
import type { Config } from '../config/index.ts'

/** Longest pause between two attempts to connect, in milliseconds. */
const longestPause = 1_000

/** What becomes of a connection. */
export interface ConnectionEvents {
  /** It is lost, or could not be made; told once until it is there. */
  onLost(error: unknown): void
  /** It is there, for the first time or again. */
  onReady(): void
}

/**
 * A client of the Redis at `url` that is not connected yet. It connects again for ever, and what it
 * is asked meanwhile fails at once; an answer that does not come costs `commandTimeoutMs`. A command
 * is never sent twice: nobody knows whether the first one arrived.
 */
export function createRedis(
  url: string,
  settings: Omit<Config['redis'], 'url'>,
  events: ConnectionEvents,
): Redis {
  const { keyPrefix, connectTimeoutMs, commandTimeoutMs } = settings
  const redis = new Redis(url, {
    lazyConnect: true,
    keyPrefix,
    connectionName: name,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A connection over which nothing comes any more is given up, and made anew.
    socketTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // Who has become a replica takes no writes: the name may lead to the new primary.
    reconnectOnError: isReadOnly,
    retryStrategy: (attempt) => Math.random() * Math.min(100 * 2 ** attempt, longestPause),
  })
  let lost = false
  const lose = (error: unknown) => {
    if (lost) return
    lost = true
    events.onLost(error)
  }
  redis.on('error', lose)
  redis.on('close', () => lose(new Error('The connection was closed.')))
  redis.on('ready', () => {
    lost = false
    events.onReady()
  })
  return redis
}

/**
 * Whether an error is that of a replica, which takes no writes. Of a script, Redis before version 7
 * says `ERR Error running script …: -READONLY …`.
 */
export function isReadOnly({ message }: Error): boolean {
  return /(^|-)READONLY /.test(message)
}

/** Where a Redis is, for people: without user, password and options. */
export function redisAddress(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname === '/' ? '' : pathname}`
}
