import timers from 'node:timers/promises'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { CacheStore } from '../../../src/cache/store.ts'
import { sharedStores, TestCache } from '../support/cache.ts'
import { distant, interleave, type Step, scripts, type World } from '../support/cache-model.ts'
import { RedisServer } from '../support/redis-server.ts'
import { seed } from '../support/seed.ts'

/** How long (ms) each kind of store is tried. The order of the steps is random, and Redis' time real. */
const duration = 30_000
const prefix = 'test:'

/** Lets time pass in Redis: whatever expires comes closer to its end, and the clock moves on. */
const passTime = `
for _, name in ipairs(redis.call('KEYS', KEYS[1] .. '*')) do
  local left = redis.call('PTTL', name) - ARGV[1]
  if left > 0 then redis.call('PEXPIRE', name, left) else redis.call('DEL', name) end
end
redis.call('INCRBY', 'passed', ARGV[1])`

describe.each(sharedStores)('%s', (kind) => {
  let server: RedisServer
  let control: Redis
  let clients: TestCache[]
  let step: Step = async () => {}
  let passed = 0

  beforeAll(async () => {
    server = await RedisServer.start()
    control = new Redis(server.url)
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + passed)
    clients = []
    for (let client = 0; client < 2; client += 1) {
      const cache = new TestCache(kind, server.url, prefix, { change: moveClock }).patient()
      clients.push(await cache.connect())
    }
    vi.spyOn(timers, 'setTimeout').mockImplementation(async (ms) => void (await step(`wait ${ms}`)))
  })
  afterEach(() => {
    passed = 0
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    for (const { manager } of clients) await manager.close()
    control.disconnect()
    await server.stop()
  })

  /** Makes the scripts tell the time of the test. */
  function moveClock(connection: Redis): void {
    const define = connection.defineCommand.bind(connection)
    vi.spyOn(connection, 'defineCommand').mockImplementation((name, { lua = '', ...rest }) => {
      const real = 'time[1] * 1000000 + time[2]'
      const moved = lua.replace(real, `${real} + (redis.call('GET', 'passed') or 0) * 1000`)
      expect(moved).not.toBe(lua)
      define(name, { ...rest, lua: moved })
    })
  }

  /** What one client did is acknowledged when all memories have been told. */
  function told(store: CacheStore): CacheStore {
    if (kind === 'redis') return store
    const changes = [
      'set',
      'setMany',
      'startWrite',
      'delete',
      'invalidateTags',
      'invalidatePattern',
    ]
    return new Proxy(store, {
      get(target, name) {
        const method = Reflect.get(target, name).bind(target)
        if (!changes.includes(String(name))) return method
        return async (...args: unknown[]) => {
          const answer = await method(...args)
          for (const { subscriber } of clients) await subscriber.ping()
          return answer
        }
      },
    })
  }

  test(`no order of reads, writes, invalidations and expiries serves what is old (TEST_SEED=${seed})`, async () => {
    let runs = 0
    const property = fc.asyncProperty(fc.scheduler(), scripts, async (scheduler, each) => {
      runs += 1
      await control.flushall()
      for (const { store } of clients) await store.invalidatePattern('*')
      step = (what) => scheduler.schedule(Promise.resolve(), what)
      const world: World = {
        step,
        advance: async (ms) => {
          passed += ms
          await control.eval(passTime, 1, prefix, ms)
        },
      }
      const storeOf = (client: number) => distant(told((clients[client] as TestCache).store), step)
      await interleave(scheduler, world, each, storeOf)
    })
    const limits = { interruptAfterTimeLimit: duration, markInterruptAsFailure: false }
    await expect(
      fc.assert(property, { numRuns: 10_000, seed, endOnFailure: true, ...limits }),
    ).resolves.toBeUndefined()
    console.info(`${kind}: ${runs} runs`)
    expect(runs).toBeGreaterThan(10)
  })
})
