import fc, { type Scheduler } from 'fast-check'
import { CacheManager } from '../../../src/cache/manager.ts'
import { CacheMeter } from '../../../src/cache/metrics.ts'
import type { CacheStore } from '../../../src/cache/store.ts'
import { Metrics } from '../../../src/observability/metrics.ts'

/** Lets others go on; resolves when it is this one's turn. */
export type Step = (what: string) => Promise<unknown>

/** What the clients of one run share. */
export interface World {
  readonly step: Step
  /** Lets time pass for the stores. */
  readonly advance: (ms: number) => void
}

/** Makes the store of a client; all clients of a world share what is kept. */
export type StoreFactory = (client: number) => CacheStore

const keys = ['item:1', 'item:2'] as const
type Key = (typeof keys)[number]

const ttl = 10
const optionsOf = (key: Key) => ({ ttl, grace: 2 * ttl, tags: ['items', `tag of ${key}`] })

const key = fc.constantFrom(...keys)
const operation = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('read'), key, fails: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refresh'), key, fails: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('readMany') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write'), key, fails: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('invalidate'),
      key,
      by: fc.constantFrom('key', 'tag', 'tags', 'pattern', 'all'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pass'),
      ms: fc.constantFrom(100, 2_100, 8_500, 10_000),
    }),
  },
)
type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never

/** What the clients do: lists of operations, each in turn, beside one another. */
export const scripts = fc.array(
  fc.record({ client: fc.nat(1), operations: fc.array(operation, { minLength: 1, maxLength: 5 }) }),
  { minLength: 2, maxLength: 5 },
)
export type Scripts = typeof scripts extends fc.Arbitrary<infer S> ? S : never

interface Value {
  readonly id: number
}

/** Where the values come from. It knows in which order they were written. */
class Source {
  readonly #order = new Map<number, number>()
  readonly #values = new Map<Key, Value>()
  /** For each key, the last write that a read which begins now has to know of. */
  readonly #floors = new Map<Key, number>()
  #ids = 0

  constructor() {
    for (const key of keys) this.commit(key, this.next())
  }

  next(): Value {
    this.#ids += 1
    return { id: this.#ids }
  }

  get(key: Key): Value {
    return this.#values.get(key) as Value
  }

  commit(key: Key, value: Value): void {
    this.#order.set(value.id, this.#order.size)
    this.#values.set(key, value)
  }

  orderOf({ id }: Value): number {
    const order = this.#order.get(id)
    if (order === undefined) throw new Error(`The source never had value ${id}.`)
    return order
  }

  floor(key: Key): number {
    return this.#floors.get(key) ?? 0
  }

  /** What was written before or as `order` is known to be old from now on. */
  acknowledge(key: Key, order: number): void {
    this.#floors.set(key, Math.max(this.floor(key), order))
  }
}

/** One client: what it does to its cache, and whether that was right. */
class Client {
  readonly #world: World
  readonly #source: Source
  readonly #cache: CacheManager
  /** Errors that the cache logged; there is no reason for any. */
  readonly #faults: unknown[] = []

  constructor(world: World, source: Source, store: CacheStore) {
    this.#world = world
    this.#source = source
    const log = {
      warn: () => {},
      error: ({ err }: { err: unknown }) => void this.#faults.push(err),
    } as never
    const meter = new CacheMeter(new Metrics(), 'model')
    const settings = { ttl, grace: ttl, strategy: 'cache_aside', meter, log } as const
    this.#cache = new CacheManager(store, settings)
  }

  async run(operations: readonly Operation[]): Promise<void> {
    for (const operation of operations) {
      await this.#world.step(JSON.stringify(operation))
      await this.#do(operation)
    }
    if (this.#faults.length > 0) throw this.#faults[0]
  }

  #do(operation: Operation): unknown {
    if ('ms' in operation) return this.#world.advance(operation.ms)
    if ('by' in operation) return this.#invalidate(operation)
    if (!('key' in operation)) return this.#readMany()
    if (operation.kind === 'write') return this.#write(operation)
    return this.#read(operation)
  }

  async #read({ kind, key, fails }: { kind: string; key: Key; fails: number }): Promise<void> {
    const floor = this.#source.floor(key)
    const fetch = async () => {
      await this.#world.step(`fetch ${key}`)
      const value = this.#source.get(key)
      await this.#world.step(`fetched ${key}: ${value.id}`)
      if (fails === 0) throw new Error('The source failed.')
      return value
    }
    const get = kind === 'refresh' ? 'getWithRefresh' : 'getOrFetch'
    try {
      this.#check(key, floor, await this.#cache[get](key, fetch, optionsOf(key)))
    } catch (error) {
      if (`${error}` !== 'Error: The source failed.') throw error
    }
  }

  async #readMany(): Promise<void> {
    const floors = keys.map((key) => this.#source.floor(key))
    const values = await this.#cache.getMany<Value>(keys)
    for (const [at, key] of keys.entries()) {
      const value = values.get(key)
      if (value) this.#check(key, floors[at] ?? 0, value)
    }
  }

  #check(key: Key, floor: number, value: Value): void {
    const order = this.#source.orderOf(value)
    if (order >= floor) return
    throw new Error(`A read of ${key} gave write ${order}, but ${floor} was known when it began.`)
  }

  /** Some fail before, and some after the source has the value. */
  async #write({ key, fails }: { key: Key; fails: number }): Promise<void> {
    const value = this.#source.next()
    const write = async () => {
      await this.#world.step(`write ${key}: ${value.id}`)
      if (fails === 0) throw new Error('The source failed.')
      this.#source.commit(key, value)
      await this.#world.step(`written ${key}: ${value.id}`)
      if (fails === 1) throw new Error('The source failed.')
    }
    try {
      await this.#cache.setWriteThrough(key, value, write, optionsOf(key))
      this.#source.acknowledge(key, this.#source.orderOf(value))
    } catch (error) {
      if (`${error}` !== 'Error: The source failed.') throw error
    }
  }

  async #invalidate({ key, by }: { key: Key; by: string }): Promise<void> {
    const others = by === 'tags' || by === 'all' ? keys : [key]
    for (const each of others) this.#source.commit(each, this.#source.next())
    const orders = others.map((each) => this.#source.orderOf(this.#source.get(each)))
    if (by === 'key') await this.#cache.delete(key)
    if (by === 'tag') await this.#cache.invalidateTags([`tag of ${key}`])
    if (by === 'tags') await this.#cache.invalidateTags(['items'])
    if (by === 'pattern') await this.#cache.invalidatePattern(key.replace('em', '*'))
    if (by === 'all') await this.#cache.invalidatePattern('*')
    for (const [at, each] of others.entries()) this.#source.acknowledge(each, orders[at] ?? 0)
  }
}

/**
 * Lets clients work on one cache, in the order that the scheduler chooses.
 *
 * @throws if a read that began after a write or an invalidation was acknowledged gives what was there
 * before
 */
export async function interleave(
  scheduler: Scheduler,
  world: World,
  scripts: Scripts,
  storeOf: StoreFactory,
): Promise<void> {
  const source = new Source()
  const clients = [0, 1].map((client) => new Client(world, source, storeOf(client)))
  const runs = scripts.map(({ client, operations }) => clients[client]?.run(operations))
  await scheduler.waitFor(Promise.all(runs))
}

/** A store whose answers take a while, as those of Redis do: other clients come between. */
export function distant(store: CacheStore, step: Step): CacheStore {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name).bind(target)
      if (name === 'stats') return method
      return async (...args: unknown[]) => {
        await step(`send ${String(name)}`)
        const answer = await method(...args)
        await step(`receive ${String(name)}`)
        return answer
      }
    },
  })
}
