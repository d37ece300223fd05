import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RedisRefusals } from '../../src/rate-limit/redis-refusals.ts'
import { keptNames } from '../../src/rate-limit/refusals.ts'
import { testApp } from '../support/app.ts'
import { testClient } from '../support/client.ts'
import { runCommand } from '../support/console.ts'
import { expectProblem } from '../support/problem.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../support/redis.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

reportMissingRedis()

const patient = { timeout: 10_000 }

describe.skipIf(!redisUrl)('with Redis', () => {
  let redis: TestRedis

  beforeEach(() => {
    redis = new TestRedis()
  })
  afterEach(() => redis.drop())

  const monitor = (...args: string[]) => runCommand(['monitor', 'rate-limits', ...args], redis.env)

  test('monitor rate-limits shows what the processes refused', async () => {
    const env = { ...redis.env, RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_DEFAULT_LIMIT: '1' }
    for (const remoteAddress of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) {
      const app = await testApp(env)
      app.get('/work', async () => ({}))
      for (let request = 0; request < 3; request += 1) {
        await app.inject({ url: '/work', remoteAddress, headers: { 'user-agent': 'greedy' } })
      }
      await app.close()
    }
    expect(await monitor('--top', '1')).toEqual({
      exitCode: 0,
      stdout: '  refused  client\n        5  ip:192.0.2.1\n',
      stderr: '',
    })
    const { stdout } = await monitor('--by', 'route', '--json')
    expect(JSON.parse(stdout)).toEqual({
      by: 'route',
      hours: 2,
      data: [{ name: 'GET /work', refused: 7 }],
    })
  })

  test('answers and the routes of operators are what they are without Redis', async () => {
    const env = { ...redis.env, RATE_LIMIT_ENABLED: 'true' }
    const app = await testApp(env)
    app.get('/work', { config: { rateLimit: { limit: 1, window: 60 } } }, async () => ({}))
    const client = await testClient(app)
    expect((await app.inject('/work')).headers['x-ratelimit-remaining']).toBe('0')
    const refused = await app.inject('/work')
    expectProblem(refused, 429, 'rate-limit-exceeded')
    expect(refused.headers).toMatchObject({
      'ratelimit-policy': '"route";q=1;w=60',
      ratelimit: '"route";r=0;t=60',
      'x-ratelimit-limit': '1',
      'retry-after': '60',
    })
    const [state] = (await client.get('/rate-limits/ip:127.0.0.1')).json().data.slice(-1)
    expect(state).toMatchObject({ scope: 'GET /work', limit: 1, remaining: 0 })
    expect((await client.delete('/rate-limits/ip:127.0.0.1')).statusCode).toBe(204)
    expect((await app.inject('/work')).statusCode).toBe(200)
    expect((await client.get('/rate-limits')).json().data).toEqual([
      { name: 'ip:127.0.0.1', refused: 1 },
    ])
    await app.close()
  })

  test('nothing was refused', async () => {
    expect((await monitor()).stdout).toBe('Nothing was refused.\n')
  })

  test('what strangers write does not reach the terminal as it is', async () => {
    const refusals = new RedisRefusals(redis.client)
    refusals.add({ client: 'a', route: 'r', agent: 'evil\u009b2J\u001b[31m' })
    await refusals.close()
    const { stdout } = await monitor('--by', 'agent')
    expect(stdout).toBe('  refused  agent\n        1  evil?2J?[31m\n')
  })

  test('counts of several processes and hours add up; sets are bounded, and end', async () => {
    let now = Date.now()
    const processes = [1, 2].map(() => new RedisRefusals(redis.client, () => now))
    for (const refusals of processes) {
      refusals.add({ client: 'a', route: 'r', agent: 'x' })
      await refusals.close()
    }
    now += 3_600_000
    const [refusals] = processes
    for (let name = 0; name < 2 * keptNames; name += 1) {
      refusals?.add({ client: `once ${name}`, route: 'r', agent: 'x' })
      if (name === keptNames) await refusals?.close()
    }
    for (let again = 0; again < 5; again += 1) {
      refusals?.add({ client: 'a', route: 'r', agent: 'x' })
    }
    expect(await refusals?.top('client', 1, 2)).toEqual([{ name: 'a', refused: 7 }])
    expect(await refusals?.top('route', 1, 1)).toEqual([{ name: 'r', refused: 2 * keptNames + 5 }])
    for (const key of await redis.keys()) {
      expect(await redis.client.zcard(key)).toBeLessThanOrEqual(keptNames)
      expect(await redis.client.ttl(key)).toBeGreaterThan(24 * 3_600)
    }
  })

  test('counts whose answer is lost are not saved twice', async () => {
    const pipeline = redis.client.pipeline()
    const exec = pipeline.exec.bind(pipeline)
    vi.spyOn(pipeline, 'exec').mockImplementation(async () => {
      await exec()
      throw new Error('Command timed out')
    })
    vi.spyOn(redis.client, 'pipeline').mockReturnValueOnce(pipeline)
    const refusals = new RedisRefusals(redis.client)
    refusals.add({ client: 'a', route: 'r', agent: 'x' })
    await refusals.close()
    expect(pipeline.exec).toHaveBeenCalledOnce()
    expect(await refusals.top('client', 1, 1)).toEqual([{ name: 'a', refused: 1 }])
  })

  test('while Redis is away nothing can be seen, and what is refused later counts', async () => {
    const proxy = await new TcpProxy(redis.url).start()
    const app = await testApp({ ...redis.env, REDIS_URL: proxy.url, RATE_LIMIT_ENABLED: 'true' })
    await app.ready()
    const { refusals } = app.rateLimits
    proxy.mode = 'cut'
    refusals.add({ client: 'a', route: 'r', agent: 'x' })
    await expect(refusals.top('client', 1, 1)).rejects.toMatchObject({ status: 503 })
    proxy.mode = 'open'
    await expect.poll(() => refusals.top('client', 1, 1).catch(() => 'away'), patient).toEqual([])
    refusals.add({ client: 'a', route: 'r', agent: 'x' })
    await expect
      .poll(() => refusals.top('client', 1, 1).catch(() => []), patient)
      .toEqual([{ name: 'a', refused: 1 }])
    await app.close()
    await proxy.stop()
  })
})
