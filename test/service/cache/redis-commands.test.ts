import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { sharedStores, TestCache } from '../support/cache.ts'

reportMissingRedis()

const patient = { timeout: 60_000 }

describe.skipIf(!redisUrl).each(sharedStores)('%s', (kind) => {
  let redis: TestRedis
  let cache: TestCache

  beforeEach(async () => {
    redis = new TestRedis()
    cache = await new TestCache(kind, redis.url, redis.prefix).patient().connect()
  })
  afterEach(async () => {
    await cache.manager.close()
    await redis.drop()
  })

  /** How many scripts the connection of the values sends meanwhile, and nothing else. */
  async function commandsOf(work: () => Promise<unknown>): Promise<number> {
    const send = vi.spyOn(cache.connection, 'sendCommand')
    await work()
    const names = send.mock.calls.map(([command]) => command.name)
    send.mockRestore()
    expect(names.filter((name) => name !== 'evalsha')).toEqual([])
    return names.length
  }

  const fetch = async () => 'value'
  const options = { tags: ['one', 'two', 'three'] }

  test('everything takes one round trip, however many keys and tags there are', async () => {
    const { manager, store } = cache
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`many ${at}`, at]))
    // So that Redis knows the scripts.
    await manager.getOrFetch('warm', fetch, options)
    await manager.setWriteThrough('warm', 1, () => {}, options)
    await manager.getMany(['warm'])
    await manager.setMany(many, options)
    await manager.delete('warm')
    await manager.invalidateTags(['none'])
    const miss = async () => {
      await manager.getOrFetch('a', fetch, options)
      await expect.poll(() => redis.client.exists('value:a'), patient).toBe(1)
    }
    expect(await commandsOf(miss)).toBe(2)
    expect(await commandsOf(async () => store.get('a', options))).toBe(1)
    expect(await commandsOf(async () => store.get('a', options))).toBe(kind === 'redis' ? 1 : 0)
    expect(await commandsOf(() => manager.getMany(Object.keys(many)))).toBe(1)
    expect(await commandsOf(() => manager.setMany(many, options))).toBe(1)
    expect(await commandsOf(() => manager.delete(...Object.keys(many)))).toBe(1)
    expect(await commandsOf(() => manager.invalidateTags(options.tags))).toBe(1)
    // One before the write to the source, and one after it.
    expect(await commandsOf(() => manager.setWriteThrough('a', 1, () => {}, options))).toBe(2)
  })

  test('ten thousand entries with ten thousand tags leave nothing behind when they expire', async () => {
    const short = { ttl: 1, grace: 1 }
    for (let at = 0; at < 10_000; at += 100) {
      const reads = Array.from({ length: 100 }, (_, offset) => {
        const tags = [`tag ${at + offset}`, 'all']
        return cache.manager.getOrFetch(`key ${at + offset}`, fetch, { tags, ...short })
      })
      await Promise.all(reads)
    }
    // An entry and its tag, and what there is once.
    expect((await redis.keys()).length).toBeLessThan(20_010)
    await cache.manager.invalidateTags(['all', 'tag 1'])
    const pipeline = redis.client.pipeline()
    for (const key of await redis.keys()) pipeline.pttl(key)
    const lifetimes = ((await pipeline.exec()) ?? []).map(([, ms]) => Number(ms))
    // -2: it has expired meanwhile; -1: it never does.
    expect(lifetimes.filter((ms) => ms === -1)).toEqual([])
    // What is kept longest is there once.
    expect(lifetimes.filter((ms) => ms > 61_000).length).toBeLessThanOrEqual(1)
    const remains = async () => {
      const keys = await redis.keys()
      return keys.filter((key) => key.startsWith('value:') || key.startsWith('lease:')).length
    }
    await expect.poll(remains, patient).toBe(0)
  })

  test('fifty thousand keys that match a pattern go in steps, and no others', async () => {
    const { manager } = cache
    for (let at = 0; at < 50_000; at += 1_000) {
      const batch = Array.from(
        { length: 1_000 },
        (_, offset) => [`p:${at + offset}:x`, at] as const,
      )
      await manager.setMany(Object.fromEntries(batch))
    }
    const others = ['p:1:y', 'q:p:1:x', 'P:1:x', 'p:[1]:y', 'p?:x']
    await manager.setMany(Object.fromEntries(others.map((key) => [key, 1])))
    // So that Redis knows the script.
    await manager.invalidatePattern('none')
    let removed = 0
    const steps = await commandsOf(async () => {
      removed = await manager.invalidatePattern('p:*:x')
    })
    expect(removed).toBe(50_000)
    expect(steps).toBeGreaterThanOrEqual(100)
    expect((await cache.redis.keys('*', 100)).sort()).toEqual(others.sort())
  })

  test.each(['a?c', 'a[b]c', 'a\\c', 'a*c', 'a^c', '{a}', 'ü€😀', ' a b ', 'a\n', '', '__proto__'])(
    'the key %j is only itself',
    async (key) => {
      const { manager } = cache
      await manager.setMany(
        new Map([
          [key, 1],
          ['abc', 2],
          ['a', 3],
        ]),
        { tags: [key] },
      )
      await manager.getOrFetch(`${key}!`, () => 4, { tags: [key, key] })
      await expect.poll(() => redis.client.exists(`value:${key}!`), patient).toBe(1)
      expect(await manager.getMany([key, `${key}!`])).toEqual(
        new Map([
          [key, 1],
          [`${key}!`, 4],
        ]),
      )
      if (!key.includes('*')) {
        expect(await manager.invalidatePattern(key)).toBe(1)
        expect((await manager.getMany(['abc', 'a'])).size).toBe(2)
      }
      await manager.invalidateTags([key])
      expect((await manager.getMany([key, `${key}!`, 'abc', 'a'])).size).toBe(0)
    },
  )

  test('carries on when Redis has lost its scripts, or evicted any key', async () => {
    const { manager } = cache
    const source = { version: 0 }
    const read = () => manager.getOrFetch('a', () => ++source.version, options)
    await read()
    await redis.client.script('FLUSH')
    await read()
    for (const name of await redis.keys()) {
      await manager.invalidateTags(['one'])
      const before = await read()
      await sleep(20)
      await redis.client.unlink(name)
      await manager.invalidateTags(['one'])
      expect(await read()).toBeGreaterThan(before)
    }
  })

  test('a tag that Redis evicted takes its entries with it', async () => {
    const { manager, redis: store } = cache
    await manager.setMany({ a: 1 }, options)
    await redis.client.unlink('tag:two')
    await manager.setMany({ b: 1 }, options)
    expect(await store.getMany(['a', 'b'])).toEqual([
      undefined,
      expect.objectContaining({ value: 1 }),
    ])
  })
})
