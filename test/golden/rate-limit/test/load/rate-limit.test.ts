import { Agent, get } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'

reportMissingRedis()

const duration = 3_000
const clients = 32
const limit = 20

let app: FastifyInstance
let redis: TestRedis | undefined

afterEach(async () => {
  await app.close()
  await redis?.drop()
  redis = undefined
})

/** Asks as fast as it can, and gives how often each status came. */
async function load(url: string): Promise<Map<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const statuses = new Map<number, number>()
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      get(url, { agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      }).on('error', reject)
    })
  const until = performance.now() + duration
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const status = await ask()
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }),
  )
  agent.destroy()
  return statuses
}

const stores = redisUrl ? ['memory', 'Redis'] : ['memory']

test.each(
  stores.flatMap((store) => ['token-bucket', 'sliding-window'].map((it) => [it, store] as const)),
)('%s in %s: all but the limit is refused, at full speed', async (algorithm, store) => {
  if (store === 'Redis') redis = new TestRedis()
  const env: Env = {
    ...redis?.env,
    RATE_LIMIT_ENABLED: 'true',
    RATE_LIMIT_ALGORITHM: algorithm,
    RATE_LIMIT_ADDRESS_LIMIT: '0',
  }
  app = await testApp(env)
  app.get('/work', { config: { rateLimit: { limit, window: 1 } } }, async () => ({}))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const begin = performance.now()
  const statuses = await load(`${url}/work`)
  const seconds = (performance.now() - begin) / 1_000

  const [admitted, refused] = [statuses.get(200) ?? 0, statuses.get(429) ?? 0]
  console.info(`${algorithm}, ${store}: ${admitted} admitted, ${refused} refused`)
  expect([...statuses.keys()].sort()).toEqual([200, 429])
  expect(admitted).toBeLessThanOrEqual(limit * (1 + seconds))
  expect(admitted).toBeGreaterThanOrEqual(limit * Math.floor(duration / 1_000))
  const share = refused / (admitted + refused)
  expect(share).toBeGreaterThan(0.5)
})
