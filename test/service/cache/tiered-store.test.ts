import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'
import { TestCache } from '../support/cache.ts'

reportMissingRedis()

const patient = { timeout: 60_000, interval: 20 }

/** An old value is served for less than a second; the rest is for a busy machine. */
const slack = { timeout: 10_000, interval: 20 }

describe.skipIf(!redisUrl)('memory before Redis', () => {
  let redis: TestRedis
  let one: TestCache
  let other: TestCache
  const opened: TestCache[] = []

  const open = async (url = redis.url, lifetimes = {}) => {
    const cache = new TestCache('tiered', url, redis.prefix, lifetimes).patient()
    opened.push(cache)
    return cache.connect()
  }

  beforeEach(async () => {
    redis = new TestRedis()
    one = await open()
    other = await open()
  })
  afterEach(async () => {
    for (const cache of opened.splice(0)) await cache.manager.close()
    await redis.drop()
  })

  let version = 0
  const tags = ['some']
  const next = () => {
    version += 1
    return version
  }
  const read = ({ manager }: TestCache, key = 'a') => manager.getOrFetch(key, next, { tags })

  const entries = ({ store }: TestCache) => store.stats().entries

  /** Reads until the value is in memory. */
  const keepInMemory = (cache: TestCache, key = 'a') =>
    expect
      .poll(async () => {
        await read(cache, key)
        const asked = vi.spyOn(cache.redis, 'get')
        await read(cache, key)
        const times = asked.mock.calls.length
        asked.mockRestore()
        return times
      }, patient)
      .toBe(0)

  test.each([
    ['a key', (it: TestCache) => it.manager.delete('a')],
    ['a tag', (it: TestCache) => it.manager.invalidateTags(['some'])],
    ['a pattern', (it: TestCache) => it.manager.invalidatePattern('*a*')],
    ['everything', (it: TestCache) => it.manager.invalidatePattern('*')],
    ['a write', (it: TestCache) => it.manager.setWriteThrough('a', next(), () => {})],
    ['a batch', (it: TestCache) => it.manager.setMany({ a: next() })],
  ])('%s holds here at once, and everywhere soon', async (_name, change) => {
    for (const cache of [one, other]) await keepInMemory(cache)
    const before = version
    await change(one)
    expect(await read(one)).toBeGreaterThan(before)
    await expect.poll(() => read(other), slack).toBeGreaterThan(before)
    for (const cache of [one, other]) await keepInMemory(cache)
  })

  test('a write that another process voided leaves no older value in any memory', async () => {
    let before = 0
    await one.manager.setWriteThrough('a', next(), async () => {
      await other.manager.delete('a')
      await keepInMemory(other)
      before = version
    })
    await expect.poll(() => read(other), slack).toBeGreaterThan(before)
  })

  test('what is not named stays', async () => {
    for (const key of ['a', 'b']) await keepInMemory(other, key)
    await one.manager.delete('a')
    await expect.poll(() => entries(other), slack).toBe(1)
    await one.manager.invalidateTags(['another'])
    await one.manager.invalidatePattern('x*')
    await sleep(100)
    expect(entries(other)).toBe(1)
  })

  test('a message that comes while Redis is asked keeps the answer out of memory', async () => {
    await read(one)
    await keepInMemory(one)
    // The answer of Redis reaches this process after the message.
    const ask = other.redis.get.bind(other.redis)
    vi.spyOn(other.redis, 'get').mockImplementationOnce(async (...question) => {
      const found = await ask(...question)
      await one.manager.invalidateTags(tags)
      await sleep(500)
      return found
    })
    const before = version
    expect(await read(other)).toBe(before)
    expect(entries(other)).toBe(0)
    expect(await read(other)).toBeGreaterThan(before)
  })

  test('a value with tags that its reader does not name is not kept in memory', async () => {
    await one.manager.setMany({ a: 1 }, { tags: ['unknown to the reader'] })
    expect(await read(other)).toBe(1)
    expect(entries(other)).toBe(0)
  })

  test('memory keeps a value no longer than Redis does, and knows its age', async () => {
    const brief = await open(redis.url, { ttl: 2, grace: 0 })
    const first = await read(brief)
    await expect.poll(() => redis.client.exists('value:a'), patient).toBe(1)
    const left = await redis.client.pttl('value:a')
    await sleep(left / 2)
    const found = await other.store.get('a', { tags })
    expect(found).toMatchObject({ state: 'fresh', entry: { value: first } })
    expect(found.state === 'fresh' && found.entry.ageMs).toBeGreaterThan(left / 2 - 100)
    expect(entries(other)).toBe(1)
    await sleep(left / 2 + 50)
    expect(await other.store.get('a', { tags })).toMatchObject({ state: 'missing' })
  })

  test.each(['cut', 'silent'] as const)(
    'one whose subscription is %s has nothing in memory, and asks Redis',
    async (mode) => {
      const proxy = await new TcpProxy(redis.url).start()
      const deaf = new TestCache('tiered', redis.url, redis.prefix)
      opened.push(deaf)
      deaf.redis.deadlineMs = 10_000
      const { hostname, port } = new URL(proxy.url)
      Object.assign(deaf.subscriber.options, { host: hostname, port: Number(port) })
      await deaf.connect()
      await keepInMemory(deaf)
      proxy.mode = mode
      await expect.poll(() => entries(deaf), slack).toBe(0)
      const before = version
      await one.manager.delete('a')
      expect(await read(deaf)).toBeGreaterThan(before)
      expect(await read(deaf)).toBe(before + 1)
      expect(entries(deaf)).toBe(0)
      proxy.mode = 'open'
      await keepInMemory(deaf)
      await one.manager.delete('a')
      await expect.poll(() => read(deaf), slack).toBeGreaterThan(before + 1)
      await deaf.manager.close()
      await proxy.stop()
    },
  )

  test('one that lost Redis, though not its subscription, has nothing in memory', async () => {
    const proxy = await new TcpProxy(redis.url).start()
    const lost = new TestCache('tiered', redis.url, redis.prefix).patient()
    opened.push(lost)
    const { hostname, port } = new URL(proxy.url)
    Object.assign(lost.connection.options, { host: hostname, port: Number(port) })
    await lost.connect()
    await keepInMemory(lost)
    const before = version
    proxy.mode = 'cut'
    await expect.poll(() => lost.store.stats().isAway, slack).toBe(true)
    expect(entries(lost)).toBe(0)
    expect(await read(lost)).toBeGreaterThan(before)
    proxy.mode = 'open'
    await keepInMemory(lost)
    await lost.manager.close()
    await proxy.stop()
  })

  test('many keys come from memory where they are there, else from Redis in one step', async () => {
    await one.manager.setMany({ b: 'b', c: 'c' })
    await keepInMemory(other)
    const asked = vi.spyOn(other.redis, 'getMany')
    const values = await other.manager.getMany(['c', 'a', 'x', 'b'])
    expect([...values]).toEqual([
      ['c', 'c'],
      ['a', version],
      ['b', 'b'],
    ])
    expect(asked.mock.calls).toEqual([[['c', 'x', 'b']]])
    await other.manager.getMany(['a'])
    expect(asked).toHaveBeenCalledTimes(1)
  })
})
