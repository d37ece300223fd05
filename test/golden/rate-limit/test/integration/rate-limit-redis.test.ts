import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { testApp } from '../support/app.ts'
import { testClient } from '../support/client.ts'
import { runCommand } from '../support/console.ts'
import { redisUrl, reportMissingRedis, TestRedis, waitLongerForRedis } from '../support/redis.ts'

reportMissingRedis()

describe.skipIf(!redisUrl)('with Redis', () => {
  let redis: TestRedis

  beforeEach(() => {
    redis = new TestRedis()
  })
  afterEach(() => redis.drop())

  async function start(env: Env = {}) {
    const app = await testApp({ ...redis.env, RATE_LIMIT_ENABLED: 'true', ...env })
    waitLongerForRedis(app)
    app.get('/work', { config: { rateLimit: { limit: 2, window: 3_600 } } }, async () => ({}))
    await app.ready()
    return app
  }

  test('several processes count together', async () => {
    const apps = [await start(), await start()]
    const statuses: number[] = []
    for (const app of [...apps, ...apps]) statuses.push((await app.inject('/work')).statusCode)
    expect(statuses).toEqual([200, 200, 429, 429])
    for (const app of apps) await app.close()
  })

  test('operators see and reset what a client has used', async () => {
    const app = await start()
    const client = await testClient(app)
    for (let request = 0; request < 3; request += 1) await app.inject('/work')
    const { data } = (await client.get('/rate-limits/ip:127.0.0.1')).json()
    expect(data).toContainEqual(expect.objectContaining({ scope: 'GET /work', remaining: 0 }))
    expect((await client.delete('/rate-limits/ip:127.0.0.1')).statusCode).toBe(204)
    expect((await app.inject('/work')).statusCode).toBe(200)
    await app.close()
  })

  test('monitor rate-limits lists what all processes refused', async () => {
    for (const remoteAddress of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) {
      const app = await start()
      for (let request = 0; request < 3; request += 1) {
        const headers = { 'user-agent': 'greedy \u001b[31m' }
        await app.inject({ url: '/work', remoteAddress, headers })
      }
      await app.close()
    }
    const monitor = (...args: string[]) =>
      runCommand(['monitor', 'rate-limits', ...args], redis.env)
    expect(await monitor('--top', '1')).toEqual({
      exitCode: 0,
      stdout: 'refused  client\n4        ip:192.0.2.1\n',
      stderr: '',
    })
    expect((await monitor('--by', 'agent')).stdout).toContain('5        greedy ?[31m\n')
    const { stdout } = await monitor('--by', 'route', '--json')
    const data = [{ name: 'GET /work', refused: 5 }]
    expect(JSON.parse(stdout)).toEqual({ by: 'route', hours: 2, data })
  })

  test('a monitor without its Redis names the address, not the password', async () => {
    const env = { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }
    const { exitCode, stderr } = await runCommand(['monitor', 'rate-limits'], env)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^Redis 127\.0\.0\.1:1\/0 can't be used: .*ECONNREFUSED/)
  })
})
