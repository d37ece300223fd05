import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Identity, RateLimit } from '../../src/http/route-policy.ts'
import { testApp } from '../support/app.ts'

const user = (userId: string, tier = 'free') => ({ kind: 'user', userId, tier }) as const
const apiKey = (userId: string, keyId: string) =>
  ({ ...user(userId), kind: 'api-key', keyId }) as const

let app: FastifyInstance
const identified = vi.fn()

beforeEach(() => {
  identified.mockClear()
  // Time stands still, so that no token comes back on a slow machine.
  vi.spyOn(performance, 'now').mockReturnValue(1_000_000)
})
afterEach(() => {
  vi.restoreAllMocks()
  return app.close()
})

/** Starts the service with a route `/work`; the header `x-who` proves an identity. */
async function start(rateLimit?: RateLimit): Promise<void> {
  app = await testApp({ RATE_LIMIT_ENABLED: 'true' })
  app.identify = (request, done) => {
    identified(request.url)
    request.identity = JSON.parse(String(request.headers['x-who'] ?? 'null'))
    done()
  }
  app.get('/work', { config: rateLimit === undefined ? {} : { rateLimit } }, async () => ({}))
  await app.ready()
}

function ask(identity: Partial<Identity> | null, remoteAddress = '192.0.2.1', url = '/work') {
  const headers = identity === null ? {} : { 'x-who': JSON.stringify(identity) }
  return app.inject({ url, headers, remoteAddress })
}

async function statuses(...callers: Parameters<typeof ask>[]): Promise<number[]> {
  const found: number[] = []
  for (const caller of callers) found.push((await ask(...caller)).statusCode)
  return found
}

test('counts a user from every address, and apart from others at the same one', async () => {
  await start({ limit: 1, window: 60 })
  const [ada, bob] = [user('ada'), user('bob')]
  const found = await statuses([ada], [ada, '192.0.2.2'], [bob], [null], [null])
  expect(found).toEqual([200, 429, 200, 200, 429])
})

test('counts each API key by itself, unless the route counts users', async () => {
  const [first, second] = [apiKey('ada', 'k1'), apiKey('ada', 'k2')]
  await start({ limit: 1, window: 60 })
  expect(await statuses([first], [second], [first])).toEqual([200, 200, 429])
  await app.close()
  await start({ limit: 1, window: 60, key: 'user' })
  expect(await statuses([first], [second])).toEqual([200, 429])
})

test('counts by address where the route says so', async () => {
  await start({ limit: 1, window: 60, key: 'ip' })
  expect(await statuses([user('ada')], [user('bob')])).toEqual([200, 429])
  expect(identified).not.toHaveBeenCalled()
})

test.each([
  ['a preset', 'strict', 10, 'strict'],
  ['a preset', 'user', 50, 'user'],
  ['nothing', undefined, 100, 'default'],
] as const)(
  'a route that declares %s (%s) allows %i a minute',
  async (_, declared, limit, name) => {
    await start(declared)
    const { headers } = await ask(null)
    expect(headers['ratelimit-policy']).toBe(`"${name}";q=${limit};w=60`)
  },
)

test('multiplies a limit by the factor of the tier, unless the route names the tier', async () => {
  await start({ limit: 4, window: 60, tiers: { gold: 7 } })
  const limits: unknown[] = []
  for (const tier of ['free', 'standard', 'premium', 'gold', 'unheard-of']) {
    limits.push((await ask(user(tier, tier))).headers['x-ratelimit-limit'])
  }
  expect(limits).toEqual(['4', '8', '40', '7', '4'])
})

test('uses up the cost of an expensive request', async () => {
  await start({ limit: 10, window: 60, cost: 4 })
  expect(await statuses([null], [null])).toEqual([200, 200])
  const refused = await ask(null)
  expect(refused.headers).toMatchObject({ 'x-ratelimit-remaining': '2', 'retry-after': '12' })
})

test.each([
  ['a health check', '/health/live', undefined],
  ['an unknown path', '/nowhere', undefined],
  ['a route without a limit', '/work', false],
] as const)('does not verify the credentials of %s', async (_, url, rateLimit) => {
  await start(rateLimit)
  await ask(user('ada'), '192.0.2.1', url)
  expect(identified).not.toHaveBeenCalled()
})

test('refuses to start with a limit that cannot be counted', async () => {
  const message = 'GET /work: the limit must be a whole number from 1 to 150119987579, not 0.'
  await expect(start({ limit: 0, window: 60 })).rejects.toThrow(message)
})
