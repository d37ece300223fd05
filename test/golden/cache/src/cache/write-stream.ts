import { randomUUID } from 'node:crypto'
import timers from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Config } from '../config/index.ts'
import { CacheUnavailableError, parse, type WriteQueue, type Writer } from './store.ts'
import { maxQueued, type NewWrite, WriteBehind, type WriteBehindSettings } from './write-behind.ts'

/** How many writes may wait in Redis, and how many that were given up are kept there. */
const maxLength = 10_000

/** How often (ms) a process looks for writes, and how many it takes each time. */
const pollMs = 100
const maxTaken = 100

/** So long (ms) after the writing process last looked, another takes over. */
const lockMs = 5_000

const streamKey = 'cache-writes'
const lockKey = 'cache-writes:lock'
const failedKey = 'cache-writes:failed'

type Fields = ['writer', string, 'key', string, 'value', json: string]

declare module 'ioredis' {
  interface Redis {
    addWrite(stream: string, maxLength: number, ...fields: Fields): Promise<string | null>
    takeWrites(
      stream: string,
      lock: string,
      ...args: [token: string, lockMs: number, from: string, count: number, ...doneIds: string[]]
    ): Promise<[length: number, entries: [id: string, fields: Fields][] | null] | null>
    failWrite(
      stream: string,
      failed: string,
      ...args: [id: string, max: number, error: string]
    ): Promise<null>
  }
}

const addScript = `
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return false end
return redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
`

// One step deletes all that is done: a later write of a key never disappears before an earlier one.
const takeScript = `
for i = 5, #ARGV do redis.call('XDEL', KEYS[1], ARGV[i]) end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return false end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
local entries = redis.call('XRANGE', KEYS[1], ARGV[3], '+', 'COUNT', ARGV[4])
return { redis.call('XLEN', KEYS[1]), entries }
`

const failScript = `
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])) do
  redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[2], '*', 'error', ARGV[3], unpack(entry[2]))
end
redis.call('XDEL', KEYS[1], ARGV[1])
`

/**
 * Keeps writes in a Redis stream until they are made, so that they outlive the process. All
 * processes register the same writers, and one of them makes the writes, in order. Another takes
 * over when it stops, dies or hangs. Writes may then be repeated, with the same idempotency keys.
 */
export class WriteStream implements WriteQueue {
  /** Writes that wait in Redis; 0 if another process makes them. */
  depth = 0
  readonly #redis: Redis
  readonly #settings: WriteBehindSettings
  readonly #token = randomUUID()
  /** Writes that this process has taken. */
  readonly #taken: WriteBehind
  /** Ids of written entries that are still in the stream. */
  readonly #done = new Set<string>()
  #from = '-'
  #lockedUntil = 0
  #polling: Promise<void> | undefined
  #hasNewWriter = false
  #isClosing = false

  /** @param redis a connection of its own; `close` ends it */
  constructor(redis: Redis, settings: WriteBehindSettings) {
    redis.defineCommand('addWrite', { numberOfKeys: 1, lua: addScript })
    redis.defineCommand('takeWrites', { numberOfKeys: 2, lua: takeScript })
    redis.defineCommand('failWrite', { numberOfKeys: 2, lua: failScript })
    this.#redis = redis
    this.#settings = settings
    this.#taken = new WriteBehind({
      ...settings,
      mayWrite: () => performance.now() < this.#lockedUntil,
      onWritten: (id) => this.#done.add(id),
      onGivenUp: (id, error) => redis.failWrite(streamKey, failedKey, id, maxLength, `${error}`),
    })
  }

  addWriter(name: string, writer: Writer<unknown>): void {
    this.#taken.addWriter(name, writer)
    this.#hasNewWriter = true
    this.#polling ??= this.#poll()
  }

  /** @throws {CacheUnavailableError} if Redis didn't confirm the write; it may still be made */
  async add({ key, value, writer }: NewWrite): Promise<void> {
    if (typeof writer !== 'string') {
      throw new TypeError(
        'With CACHE_DURABLE_WRITES=true a write needs the name of its writer, because a function ' +
          "doesn't outlive its process. Register it with cache.addWriter(), and pass the name.",
      )
    }
    this.#taken.writer(writer)
    const fields: Fields = ['writer', writer, 'key', key, 'value', JSON.stringify(value) ?? '']
    try {
      while (!(await this.#redis.addWrite(streamKey, maxLength, ...fields))) {
        await timers.setTimeout(pollMs)
      }
    } catch (cause) {
      throw new CacheUnavailableError(0, { cause })
    }
  }

  /** Finishes the batches in progress. Other writes stay in Redis for another process. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#polling
    this.#taken.clear()
    await this.#taken.close()
    const shortly = 1
    await this.#take(shortly, 0).catch(() => {})
    this.#redis.disconnect()
  }

  async #poll(): Promise<void> {
    while (!this.#isClosing) {
      const count = Math.min(maxTaken, maxQueued - this.#taken.depth)
      const taken = await this.#take(lockMs, count).catch(() => this.#settings.meter.failed('get'))
      if (taken !== maxTaken) await timers.setTimeout(pollMs)
    }
  }

  /** Deletes what is done and takes more, unless another process does; returns how many it took. */
  async #take(ms: number, count: number): Promise<number> {
    const now = performance.now()
    if (now >= this.#lockedUntil || this.#hasNewWriter) this.#startOver()
    const ids = [...this.#done]
    const args = [this.#token, ms, this.#from, count, ...ids] as const
    const reply = await this.#redis.takeWrites(streamKey, lockKey, ...args)
    for (const id of ids) this.#done.delete(id)
    this.#lockedUntil = reply ? now + ms : 0
    const [length, entries] = reply ?? [0, []]
    this.depth = length
    for (const [id, [, writer, , key, , json]] of entries ?? []) {
      this.#from = `(${id}`
      // Another release may have writers that this one lacks; their writes wait for it.
      this.#taken.add({ key, value: parse(json), writer }, id).catch(() => {})
    }
    return entries?.length ?? 0
  }

  /**
   * Another process may have made the writes this one took, and later ones of the same keys. And
   * writes of a newly registered writer may have been skipped.
   */
  #startOver(): void {
    this.#hasNewWriter = false
    this.#from = '-'
    this.#taken.clear()
  }
}

/** Opens the queue that CACHE_DURABLE_WRITES asks for, even while Redis is away. */
export async function openQueue(
  { cache, redis: { url, keyPrefix } }: Pick<Config, 'cache' | 'redis'>,
  settings: WriteBehindSettings,
): Promise<WriteQueue> {
  if (!cache.durableWrites || url === undefined) return new WriteBehind(settings)
  const { createRedis } = await import('../redis/connection.ts')
  const redis = createRedis(url, keyPrefix)
  await redis.connect().catch(() => {})
  return new WriteStream(redis, settings)
}
