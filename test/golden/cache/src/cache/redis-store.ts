import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { redisAddress } from '../redis/connection.ts'
import {
  defineCacheScripts,
  entryOf,
  type Invalidation,
  leaseMarks,
  lifetime,
  message,
  type RedisLookup,
  tagMark,
} from './redis-scripts.ts'
import {
  type CacheStore,
  CacheUnavailableError,
  type Copy,
  type Entry,
  type Lease,
  type LookupOptions,
  type StoreOptions,
} from './store.ts'

/** How many failed invalidations are remembered; beyond that, everything is invalidated. */
const maxMissed = 1_000

/** Pause (ms) between two attempts to reach a lost Redis. */
const probeMs = { least: 100, most: 250 }

/** How many keys one step of an invalidation by pattern scans. */
const sweepCount = 500

/**
 * Keeps values in a Redis, for all processes.
 *
 * Every command has a deadline. After a failure the store is away: everything rejects at once until
 * Redis answers a probe. This process then ignores what was stored before, because others may have
 * failed to invalidate it, or Redis may have lost their invalidations.
 */
export class RedisStore implements CacheStore {
  /** Longest time (ms) to wait for Redis. */
  deadlineMs = 50
  /** Called when this process loses Redis. */
  onLost = () => {}
  readonly #redis: Redis
  readonly #log: Pick<FastifyBaseLogger, 'info' | 'warn'>
  /** `returning`: repeats invalidations, and serves nothing yet. */
  #state: 'here' | 'away' | 'returning' | 'closed' = 'returning'
  #isReported = false
  #probe: NodeJS.Timeout | undefined
  readonly #missed = {
    keys: new Set<string>(),
    tags: new Set<string>(),
    patterns: new Set<string>(),
  }
  #outage = 0
  /** Begins every token, and changes with each return. */
  #session = ''
  /** Values stored before this aren't served; microseconds, by the clock of Redis. */
  #since = ''
  #tokens = 0
  /** How many replies have come in. */
  #replies = 0
  readonly #prefix: string

  /** @param redis not connected yet, and used by this store only */
  constructor(redis: Redis, log: Pick<FastifyBaseLogger, 'info' | 'warn'>) {
    this.#redis = redis
    this.#log = log
    this.#prefix = `${redis.options.keyPrefix}value:`
    defineCacheScripts(redis)
    redis.on('close', () => this.#lost(new Error('The connection is closed.')))
  }

  /** Connects; if Redis is away, as soon as it is back. */
  async connect(): Promise<void> {
    await this.#redis.connect().catch(() => {})
    await this.#return()
  }

  get isAway(): boolean {
    return this.#state !== 'here'
  }

  async get(key: string, { tags = [], refreshAfterMs }: LookupOptions): Promise<RedisLookup> {
    const args = [key, this.#token(), refreshAfterMs ?? '', this.#since, ...leaseMarks(tags)]
    const [state, token, ...found] = await this.#ask(() => this.#redis.cacheGet('', ...args))
    const entry = found.length === 0 ? undefined : entryOf(found)
    if (state === 'written') return { state, token }
    if (state === 'awaited') return { state, token, stale: entry }
    if (state === 'missing' || entry === undefined) {
      return { state: 'missing', lease: { token, kind: 'fetch' }, stale: entry }
    }
    return token === '' ? { state, entry } : { state, entry, lease: { token, kind: 'fetch' } }
  }

  async set(key: string, { token }: Lease, { json }: Copy, options: StoreOptions) {
    const args = [key, token, json, ...lifetime(options)]
    return (await this.#ask(() => this.#redis.cacheSet('', ...args))) === 1
  }

  async release(key: string, { token }: Lease): Promise<void> {
    await this.#ask(() => this.#redis.cacheHold('', key, token, 'release'))
  }

  async extend(key: string, { token }: Lease): Promise<void> {
    await this.#ask(() => this.#redis.cacheHold('', key, token, 'extend'))
  }

  async startWrite(key: string, { tags = [] }: LookupOptions): Promise<Lease> {
    const token = this.#token()
    const args = [message({ keys: [key] }), key, token, ...leaseMarks(tags)]
    await this.#ask(() => this.#redis.cacheStartWrite('', ...args))
    return { token, kind: 'write' }
  }

  async getMany(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    const found = await this.#ask(() => this.#redis.cacheGetMany('', this.#since, ...keys))
    return found.map((it) => (it ? entryOf(it) : undefined))
  }

  async setMany(copies: ReadonlyMap<string, Copy>, options: StoreOptions): Promise<void> {
    const tags = options.tags.map(tagMark)
    const pairs = [...copies].flatMap(([key, { json }]) => [key, json])
    const about = [message({ keys: [...copies.keys()] }), this.#token(), ...lifetime(options)]
    const args = [...about, tags.length, ...tags, ...pairs]
    await this.#ask(() => this.#redis.cacheSetMany('', ...args))
  }

  async delete(keys: readonly string[]): Promise<void> {
    const names = keys.flatMap((key) => [`value:${key}`, `lease:${key}`])
    const send = () => this.#redis.cacheRemove('', message({ keys }), ...names)
    await this.#invalidate({ keys }, () => this.#ask(send, 'returning'))
  }

  async invalidateTags(tags: readonly string[]): Promise<void> {
    const send = () => this.#redis.cacheRemove('', message({ tags }), ...tags.map(tagMark))
    await this.#invalidate({ tags }, () => this.#ask(send, 'returning'))
  }

  invalidatePattern(pattern: string): Promise<number> {
    const names = this.#namesOf(pattern)
    const sweep = (cursor: string) =>
      this.#redis.cacheSweep('', message({ pattern }), cursor, names, sweepCount)
    return this.#invalidate({ pattern }, async () => {
      let [cursor, removed] = ['0', 0]
      do {
        const [next, count] = await this.#ask(() => sweep(cursor), 'returning')
        cursor = next
        removed += count
      } while (cursor !== '0')
      return removed
    })
  }

  async keys(pattern: string, limit: number): Promise<string[]> {
    const names = this.#namesOf(pattern)
    const keys = new Set<string>()
    let cursor = '0'
    do {
      const scan = () => this.#redis.scan(cursor, 'MATCH', names, 'COUNT', sweepCount)
      const [next, found] = await this.#ask(scan)
      cursor = next
      for (const name of found) keys.add(name.slice(this.#prefix.length))
    } while (cursor !== '0' && keys.size < limit)
    return [...keys].slice(0, limit)
  }

  stats() {
    return { entries: 0, evictions: 0, isAway: this.isAway }
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    clearTimeout(this.#probe)
    this.#redis.disconnect()
  }

  #token(): string {
    this.#tokens += 1
    return `${this.#session}:${this.#tokens}`
  }

  /** The pattern for Redis, where more characters than `*` are special. */
  #namesOf(pattern: string): string {
    return this.#prefix.replace(/[*?[\]\\]/g, '\\$&') + pattern.replace(/[?[\]\\]/g, '\\$&')
  }

  async #invalidate<T>(what: Invalidation, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      this.#remember(what)
      throw error
    }
  }

  #remember({ keys = [], tags = [], pattern }: Invalidation): void {
    const missed = this.#missed
    for (const key of keys) missed.keys.add(key)
    for (const tag of tags) missed.tags.add(tag)
    if (pattern !== undefined) missed.patterns.add(pattern)
    if (missed.keys.size + missed.tags.size + missed.patterns.size > maxMissed) {
      this.#forgetMissed()
      missed.patterns.add('*')
    }
    // Readers from now on mustn't share a fetch from before.
    this.#outage += 1
  }

  #forgetMissed(): void {
    for (const names of Object.values(this.#missed)) names.clear()
  }

  /** @param needed the state in which the command may be sent, besides `here` */
  async #ask<T>(send: () => Promise<T>, needed: 'here' | 'returning' = 'here'): Promise<T> {
    if (this.#state !== 'here' && this.#state !== needed) {
      throw new CacheUnavailableError(this.#outage)
    }
    const session = this.#session
    try {
      return await this.#inTime(send())
    } catch (cause) {
      if (session === this.#session) this.#lost(cause)
      throw new CacheUnavailableError(this.#outage, { cause })
    }
  }

  /** Waits until the deadline, and longer while replies come in that waited in this process. */
  #inTime<T>(reply: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = (replies: number) => {
        if (replies === this.#replies) reject(new Error(`No reply within ${this.deadlineMs} ms.`))
        else setImmediate(giveUp, this.#replies)
      }
      const timer = setTimeout(() => setImmediate(giveUp, this.#replies), this.deadlineMs)
      const settle = () => {
        this.#replies += 1
        clearTimeout(timer)
      }
      reply.finally(settle).then(resolve, reject)
    })
  }

  #lost(cause: unknown): void {
    if (this.#state === 'closed') return
    if (this.#state !== 'away') {
      this.#state = 'away'
      this.#outage += 1
      this.onLost()
    }
    if (!this.#isReported) {
      this.#isReported = true
      const reason = cause instanceof Error ? cause.message : String(cause)
      this.#log.warn({ redis: redisAddress(this.#redis), reason }, 'cache unavailable')
    }
    this.#probeLater()
  }

  #probeLater(): void {
    this.#probe ??= setTimeout(
      async () => {
        await this.#return()
        this.#probe = undefined
        if (this.#state === 'away') this.#probeLater()
      },
      probeMs.least + Math.random() * (probeMs.most - probeMs.least),
    )
  }

  /** Starts a new session and repeats missed invalidations. Never rejects. */
  async #return(): Promise<void> {
    try {
      const [now, floor] = await this.#inTime(this.#redis.cacheArrive('', this.#session))
      if (this.#state === 'closed') return
      this.#since = this.#outage === 0 ? floor : now
      this.#session = randomBytes(8).toString('hex')
      this.#state = 'returning'
      await this.#repeatMissed()
    } catch (cause) {
      this.#lost(cause)
    }
  }

  async #repeatMissed(): Promise<void> {
    const { keys, tags, patterns } = this.#missed
    if (keys.size > 0) await this.delete([...keys])
    if (tags.size > 0) await this.invalidateTags([...tags])
    for (const pattern of [...patterns]) await this.invalidatePattern(pattern)
    if (this.#state !== 'returning') return
    this.#forgetMissed()
    this.#state = 'here'
    if (this.#isReported) this.#log.info({ redis: redisAddress(this.#redis) }, 'cache available')
    this.#isReported = false
  }
}
