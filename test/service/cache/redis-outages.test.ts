import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CacheUnavailableError } from '../../../src/cache/store.ts'
import { type ProxyMode, TcpProxy } from '../../support/tcp-proxy.ts'
import { type SharedStore, sharedStores, TestCache } from '../support/cache.ts'
import { RedisServer } from '../support/redis-server.ts'

const patient = { timeout: 60_000, interval: 20 }

function network(mode: ProxyMode) {
  return async ({ proxy }: Scene) => {
    proxy.mode = mode
  }
}

/** How Redis goes away, and how it is there again. */
const outages = {
  killed: {
    begin: ({ server }: Scene) => server.kill(),
    end: ({ server }: Scene) => server.restart(),
  },
  frozen: {
    begin: async ({ server }: Scene) => server.freeze(),
    end: async ({ server }: Scene) => server.thaw(),
  },
  cut: { begin: network('cut'), end: network('open') },
  silent: { begin: network('silent'), end: network('open') },
}
const kinds = Object.keys(outages) as (keyof typeof outages)[]

/** A Redis, a network to it, and the processes that use it. */
class Scene {
  readonly server: RedisServer
  readonly proxy: TcpProxy
  readonly caches: TestCache[] = []

  constructor(server: RedisServer, proxy: TcpProxy) {
    this.server = server
    this.proxy = proxy
  }

  async open(kind: SharedStore, prefix: string): Promise<TestCache> {
    const cache = await new TestCache(kind, this.proxy.url, prefix).connect()
    this.caches.push(cache)
    return cache
  }
}

let scene: Scene
let prefix: string

beforeEach(async () => {
  const server = await RedisServer.start()
  scene = new Scene(server, await new TcpProxy(server.url).start())
  prefix = 'test:'
})
afterEach(async () => {
  scene.server.thaw()
  for (const cache of scene.caches) await cache.manager.close()
  await scene.proxy.stop()
  await scene.server.stop()
})

/** A source whose values have a version, which only grows. */
class Source {
  version = 1
  fetches = 0

  readonly fetch = async () => {
    this.fetches += 1
    const { version } = this
    await new Promise(setImmediate)
    return { version }
  }
}

const isHere = ({ store }: TestCache) => !store.stats().isAway

/** Reads until it is cached again: asking the source no more. */
async function expectCached(cache: TestCache, key: string, source: Source): Promise<void> {
  const asks = async () => {
    const { fetches } = source
    for (let read = 0; read < 3; read += 1) await cache.manager.getOrFetch(key, source.fetch)
    return source.fetches - fetches
  }
  await expect.poll(asks, patient).toBe(0)
}

describe.each(sharedStores)('%s', (kind) => {
  describe.each(kinds)('Redis is %s under load', (how) => {
    const { begin, end } = outages[how]

    test('reads go on, nothing from before is served again, and it recovers alone', async () => {
      const caches = [await scene.open(kind, prefix), await scene.open(kind, prefix)]
      const source = new Source()
      const keys = ['a', 'b', 'c', 'd']
      for (const cache of caches) {
        for (const key of keys) await expectCached(cache, key, source)
      }
      let isOver = false
      let reads = 0
      const old: unknown[] = []
      const readers = caches.flatMap(({ manager }, process) =>
        keys.map(async (key) => {
          while (!isOver) {
            const { version } = source
            const value = await manager.getOrFetch(key, source.fetch)
            reads += 1
            if (value.version < version) old.push({ process, key, value, version })
            await new Promise(setImmediate)
          }
        }),
      )
      const pass = async (count: number) => {
        const goal = reads + count
        await expect.poll(() => reads, patient).toBeGreaterThan(goal)
      }
      try {
        for (let round = 0; round < 3; round += 1) {
          await pass(100)
          await begin(scene)
          await expect.poll(() => caches.every((it) => !isHere(it)), patient).toBe(true)
          // Nobody invalidates it: what a process cached before it lost Redis is gone all the same.
          source.version += 1
          await pass(500)
          await end(scene)
          await expect.poll(() => caches.every(isHere), patient).toBe(true)
          await pass(100)
        }
      } finally {
        isOver = true
        await Promise.all(readers)
      }
      expect(old).toEqual([])
      for (const cache of caches) {
        for (const key of keys) await expectCached(cache, key, source)
        const messages = cache.log.map(({ msg }) => msg)
        expect(messages).toContain('cache unavailable')
        expect(messages.at(-1)).toBe('cache available')
        // An outage is logged once, and so is its end.
        expect(messages.filter((msg, at) => msg === messages[at - 1])).toEqual([])
      }
    })

    test('what could not be invalidated is invalidated later, for all processes', async () => {
      const cut = await scene.open(kind, prefix)
      // It reaches Redis in a way that isn't cut.
      const other = await new TestCache(kind, scene.server.url, prefix).connect()
      scene.caches.push(other)
      const source = new Source()
      const read = (key: string) =>
        other.manager.getOrFetch(key, source.fetch, { tags: [`tag of ${key}`] })
      const names = ['by key', 'by tag', 'by pattern', 'by a write', 'kept']
      for (const key of names) await read(key)
      await begin(scene)
      await expect
        .poll(async () => cut.manager.getMany(['x']).then(() => isHere(cut)), patient)
        .toBe(false)
      source.version = 2
      const { manager } = cut
      await expect(manager.delete('by key')).rejects.toThrow(CacheUnavailableError)
      await expect(manager.invalidateTags(['tag of by tag'])).rejects.toThrow(CacheUnavailableError)
      await expect(manager.invalidatePattern('*pattern')).rejects.toThrow(CacheUnavailableError)
      await manager.setWriteThrough('by a write', { version: 2 }, async () => {})
      await end(scene)
      await expect.poll(() => isHere(cut) && isHere(other), patient).toBe(true)
      // A memory is told within a second.
      const isNew = async (key: string) => (await read(key)).version === 2
      for (const key of names.slice(0, 4)) await expect.poll(() => isNew(key), patient).toBe(true)
    })

    test('a read asks Redis once, and then only the source until it is back', async () => {
      const cache = await scene.open(kind, prefix)
      const source = new Source()
      await expectCached(cache, 'warm', source)
      await begin(scene)
      const asked = vi.spyOn(cache.connection, 'cacheGet')
      for (let read = 0; read < 300; read += 1) {
        await cache.manager.getOrFetch(`cold ${read}`, source.fetch)
      }
      expect(asked.mock.calls.length).toBeLessThanOrEqual(1)
      expect(isHere(cache)).toBe(false)
      await end(scene)
      await expectCached(cache, 'cold 0', source)
    })

    test('starts without Redis, and uses it when it is there', async () => {
      await begin(scene)
      const cache = await scene.open(kind, prefix)
      const source = new Source()
      expect(await cache.manager.getOrFetch('a', source.fetch)).toEqual({ version: 1 })
      await expect(cache.manager.delete('a')).rejects.toThrow(CacheUnavailableError)
      await end(scene)
      await expectCached(cache, 'a', source)
    })
  })

  test('more than a thousand that could not be invalidated are everything', async () => {
    const { proxy, server } = scene
    const cut = await scene.open(kind, prefix)
    const other = await new TestCache(kind, server.url, prefix).patient().connect()
    scene.caches.push(other)
    const source = new Source()
    for (const key of ['kept', 'k999']) await expectCached(other, key, source)
    const outage = async (names: number) => {
      proxy.mode = 'cut'
      await expect.poll(() => isHere(cut), patient).toBe(false)
      for (let name = 0; name < names; name += 1) {
        await cut.manager.delete(`k${name}`).catch(() => {})
        await cut.manager.delete(`k${name}`).catch(() => {})
      }
      proxy.mode = 'open'
      await expect.poll(() => isHere(cut), patient).toBe(true)
      return other.redis.keys('*', 10)
    }
    expect(await outage(1_000)).toEqual(['kept'])
    expect(await outage(1_001)).toEqual([])
  })

  test('what arrives late, after an outage, is not stored', async () => {
    const cache = await scene.open(kind, prefix)
    cache.redis.deadlineMs = 200
    const { connection, manager, redis } = cache
    /** Sends the next command of this name only when told to. */
    const delay = (name: 'cacheSet' | 'cacheSetMany') => {
      const send = connection[name].bind(connection) as (...args: unknown[]) => Promise<unknown>
      let release = async () => {}
      vi.spyOn(connection, name).mockImplementationOnce((...args: unknown[]) => {
        release = async () => void (await send(...args))
        return new Promise(() => {})
      })
      return () => release()
    }
    const sendMany = delay('cacheSetMany')
    await expect(manager.setMany({ a: 'old' })).rejects.toThrow(CacheUnavailableError)
    await expect.poll(() => isHere(cache), patient).toBe(true)
    await sendMany()
    const sendOne = delay('cacheSet')
    await manager.getOrFetch('b', () => 'old')
    await expect.poll(() => isHere(cache), patient).toBe(false)
    await expect.poll(() => isHere(cache), patient).toBe(true)
    await sendOne()
    expect(await redis.keys('*', 10)).toEqual([])
  })

  test('a new process serves nothing that a Redis remembers from before its last start', async () => {
    const source = new Source()
    await expectCached(await scene.open(kind, prefix), 'a', source)
    await scene.server.kill()
    source.version = 2
    await scene.server.restart()
    const next = await new TestCache(kind, scene.server.url, prefix).connect()
    scene.caches.push(next)
    expect(await next.redis.keys('*', 10)).toEqual(['a'])
    expect(await next.manager.getOrFetch('a', source.fetch)).toEqual({ version: 2 })
  })
})
