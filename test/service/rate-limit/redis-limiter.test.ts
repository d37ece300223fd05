import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  type Decision,
  type Limiter,
  memoryLimiter,
  redisLimiter,
} from '../../../src/rate-limit/limiter.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { FakeClock, isAllowed, numbersFrom, rule } from '../support/rate-limit.ts'
import { seed as firstSeed } from '../support/seed.ts'

reportMissingRedis()

describe.skipIf(!redisUrl).each(['token-bucket', 'sliding-window'] as const)(
  '%s in Redis',
  (algorithm) => {
    let redis: TestRedis

    beforeEach(() => {
      redis = new TestRedis()
    })
    afterEach(async () => {
      vi.restoreAllMocks()
      await redis.drop()
    })

    /** The limiter with the clock of the test in the place of Redis' own. */
    function timed(clock: FakeClock): Limiter {
      const { client, prefix } = redis
      const define = client.defineCommand.bind(client)
      vi.spyOn(client, 'defineCommand').mockImplementation((name, { lua = '', ...rest }) => {
        const faked = lua.replace("redis.call('TIME')", `{0, redis.call('GET', '${prefix}clock')}`)
        expect(faked).not.toBe(lua)
        define(name, { ...rest, lua: faked })
      })
      const limiter = redisLimiter(client)
      return {
        async check(...question) {
          await client.set('clock', clock.now * 1_000)
          return limiter.check(...question)
        },
        reset: limiter.reset,
      }
    }

    const counters = async () => (await redis.keys()).filter((key) => key !== 'clock')

    test(`decides step by step as memory does (TEST_SEED=${firstSeed})`, async () => {
      const clock = new FakeClock()
      const inRedis = timed(clock)
      const inMemory = memoryLimiter()
      for (let seed = firstSeed; seed < firstSeed + 12; seed += 1) {
        const below = numbersFrom(seed)
        const key = `client ${seed}`
        const limited = rule({ algorithm, limit: 1 + below(20), window: 10 + below(1_000) })
        const smaller = { ...limited, limit: Math.ceil(limited.limit / 2) }
        for (let step = 0; step < 100; step += 1) {
          clock.now += below(5) === 0 ? below(limited.windowMs / 2) : below(3) * below(5)
          if (below(40) === 0) clock.now -= below(1_000)
          const cost = 1 + below(Math.min(4, limited.limit))
          const ask = async (limiter: Limiter): Promise<Decision> => {
            if (step % 50 === 49) await limiter.reset(key, limited)
            return step % 7 === 0
              ? limiter.check(key, step % 2 === 0 ? limited : smaller, 0)
              : limiter.check(key, limited, cost)
          }
          expect(await ask(inRedis), `seed ${seed}, step ${step}`).toEqual(await ask(inMemory))
        }
      }
    })

    test('gives nobody more when the clock steps back and forth', async () => {
      const clock = new FakeClock()
      const limiter = timed(clock)
      const limited = rule({ algorithm, limit: 10, window: 60 })
      await limiter.check('a', limited, 9)
      const [key = ''] = await counters()
      clock.now -= 30_000
      expect((await limiter.check('a', limited, 1)).allowed).toBe(true)
      expect(await redis.client.pttl(key)).toBeGreaterThan(60_000)
      clock.now += 30_000
      expect((await limiter.check('a', limited, 1)).allowed).toBe(false)
    })

    test("by Redis' clock: allows a refused request after retryAfterMs", async () => {
      const limiter = redisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 2, window: 0.2 })
      await limiter.check('a', limited, 2)
      const refused = await limiter.check('a', limited, 1)
      await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 10))
      expect((await limiter.check('a', limited, 1)).allowed).toBe(true)
    })

    test('counts once when Redis has lost its scripts', async () => {
      const limiter = redisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 5, window: 3_600 })
      expect((await limiter.check('a', limited, 1)).remaining).toBe(4)
      await redis.client.script('FLUSH')
      expect((await limiter.check('a', limited, 1)).remaining).toBe(3)
      expect((await limiter.check('a', limited, 1)).remaining).toBe(2)
    })

    test('rejects with what else fails in Redis', async () => {
      const limiter = redisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 5, window: 60 })
      await limiter.check('a', limited, 1)
      const [key = ''] = await counters()
      await redis.client.del(key)
      await redis.client.hset(key, 'another', 'kind')
      await expect(limiter.check('a', limited, 1)).rejects.toThrow('WRONGTYPE')
    })

    test('gives many connections the limit together, and not one more', async () => {
      const connections = Array.from({ length: 8 }, () => redis.client.duplicate())
      const limiters = connections.map((connection) => redisLimiter(connection))
      const limited = rule({ algorithm, limit: 50, window: 86_400 })
      const asked = Array.from({ length: 400 }, async (_, request) =>
        limiters[request % limiters.length]?.check('a', limited, 1),
      )
      const decisions = (await Promise.all(asked)).filter((it) => it !== undefined)
      expect(decisions).toHaveLength(400)
      expect(decisions.filter(isAllowed)).toHaveLength(50)
      await Promise.all(connections.map((connection) => connection.quit()))
    })

    test('lets counters end by themselves, and takes the memory that the docs say', async () => {
      const limiter = redisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 100, window: 3_600 }, 'GET /api/v1/products')
      await limiter.check('ip:203.0.113.9', limited, 100)
      const [key = ''] = await counters()
      expect(await redis.client.pttl(key)).toBeGreaterThan(3_000_000)
      expect(await redis.client.pttl(key)).toBeLessThanOrEqual(3_600_002)
      const bytes = (await redis.client.memory('USAGE', key)) ?? 0
      expect(bytes).toBeLessThan(algorithm === 'token-bucket' ? 300 : 2_000)
    })
  },
)
