import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Decision, Limiter } from '../../src/rate-limit/limiter.ts'
import { MemoryLimiter } from '../../src/rate-limit/memory-limiter.ts'
import { RedisLimiter } from '../../src/rate-limit/redis-limiter.ts'
import { slidingScript } from '../../src/rate-limit/sliding-window.ts'
import { bucketScript } from '../../src/rate-limit/token-bucket.ts'
import { isAllowed, MicroClock, numbersFrom, rule } from '../support/rate-limit.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'

reportMissingRedis()

const first = Number(process.env.SEED ?? Date.now() % 1_000_000)

describe.skipIf(!redisUrl).each(['token-bucket', 'sliding-window'] as const)(
  '%s in Redis',
  (algorithm) => {
    let redis: TestRedis

    beforeEach(() => {
      redis = new TestRedis()
    })
    afterEach(() => redis.drop())

    /** The limiter with the clock of the test in the place of that of Redis. */
    function timed(clock: MicroClock): Limiter {
      const scripts = new Map<string, string>()
      for (const script of [bucketScript, slidingScript]) {
        const lua = script.replace("redis.call('TIME')", '{0, tonumber(ARGV[2])}')
        expect(lua).not.toBe(script)
        scripts.set(createHash('sha1').update(script).digest('hex'), lua)
      }
      const { client } = redis
      vi.spyOn(client, 'evalsha').mockImplementation((hash, _keys, ...args) =>
        client.eval(scripts.get(String(hash)) ?? '', 1, ...(args as string[]), clock.now),
      )
      return new RedisLimiter(client)
    }

    test(`it says step by step what memory says (SEED=${first})`, async () => {
      const clock = new MicroClock()
      const inRedis = timed(clock)
      const inMemory = new MemoryLimiter(10_000, clock.read)
      for (let seed = first; seed < first + 12; seed += 1) {
        const below = numbersFrom(seed)
        const key = `client ${seed}`
        const limited = rule({ algorithm, limit: 1 + below(20), window: 10 + below(1_000) })
        const smaller = rule({ ...limited, limit: Math.ceil(limited.limit / 2) })
        for (let step = 0; step < 100; step += 1) {
          clock.now += below(5) === 0 ? below(limited.windowUs / 2) : below(3) * below(5_000)
          if (below(40) === 0) clock.now -= below(1_000_000)
          const cost = 1 + below(Math.min(4, limited.limit))
          const ask = async (limiter: Limiter): Promise<Decision | undefined> => {
            if (step % 50 === 49) await limiter.reset(key, limited)
            return step % 7 === 0
              ? limiter.inspect(key, step % 2 === 0 ? limited : smaller)
              : limiter.check(key, limited, cost)
          }
          expect(await ask(inRedis), `seed ${seed}, step ${step}`).toEqual(await ask(inMemory))
        }
      }
    })

    test('a clock that steps back and forth lets nobody have more', async () => {
      const clock = new MicroClock()
      const limiter = timed(clock)
      const limited = rule({ algorithm, limit: 10, window: 60 })
      await limiter.check('a', limited, 9)
      const [key = ''] = await redis.keys()
      clock.now -= 30_000_000
      expect((await limiter.check('a', limited, 1)).allowed).toBe(true)
      expect(await redis.client.pttl(key)).toBeGreaterThan(80_000)
      clock.now += 30_000_000
      expect((await limiter.check('a', limited, 1)).allowed).toBe(false)
    })

    test('by the clock of Redis: a refused request is allowed after retryAfterMs', async () => {
      const limiter = new RedisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 2, window: 0.2 })
      await limiter.check('a', limited, 2)
      const refused = await limiter.check('a', limited, 1)
      expect(refused.allowed).toBe(false)
      await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 1))
      expect((await limiter.check('a', limited, 1)).allowed).toBe(true)
    })

    test('a Redis that has lost the scripts, after its start, gets them and counts once', async () => {
      const limiter = new RedisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 5, window: 60 })
      await redis.client.script('FLUSH')
      expect((await limiter.check('a', limited, 1)).remaining).toBe(4)
      expect((await limiter.check('a', limited, 1)).remaining).toBe(3)
    })

    test('what else fails in Redis is told', async () => {
      const limiter = new RedisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 5, window: 60 })
      await limiter.check('a', limited, 1)
      const [key = ''] = await redis.keys()
      await redis.client.del(key)
      await redis.client.hset(key, 'another', 'kind')
      await expect(limiter.check('a', limited, 1)).rejects.toThrow('WRONGTYPE')
    })

    test('many connections at the same moment get the limit, and not one more', async () => {
      const connections = Array.from({ length: 8 }, () => redis.client.duplicate())
      const limiters = connections.map((connection) => new RedisLimiter(connection))
      const limited = rule({ algorithm, limit: 50, window: 60 })
      const asked = Array.from({ length: 400 }, (_, request) =>
        limiters[request % limiters.length]?.check('a', limited, 1),
      )
      const decisions = (await Promise.all(asked)).filter((it) => it !== undefined)
      expect(decisions).toHaveLength(400)
      const begun = decisions.filter(isAllowed).length
      // A token of the bucket comes back every 1.2 s, should this machine be that slow.
      expect(begun).toBeGreaterThanOrEqual(50)
      expect(begun).toBeLessThanOrEqual(algorithm === 'sliding-window' ? 50 : 52)
      await Promise.all(connections.map((connection) => connection.quit()))
    })

    test('counters end by themselves, and take the memory that the documentation says', async () => {
      const limiter = new RedisLimiter(redis.client)
      const limited = rule({ algorithm, limit: 100, window: 60, scope: 'GET /api/v1/products' })
      await limiter.check('ip:203.0.113.9', limited, 100)
      const [key = ''] = await redis.keys()
      expect(await redis.client.pttl(key)).toBeGreaterThan(58_000)
      expect(await redis.client.pttl(key)).toBeLessThanOrEqual(60_002)
      const bytes = (await redis.client.memory('USAGE', key)) ?? 0
      expect(bytes).toBeLessThan(algorithm === 'token-bucket' ? 300 : 2_000)
    })
  },
)
