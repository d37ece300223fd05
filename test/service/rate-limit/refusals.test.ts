import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { maxNames, Refusals } from '../../../src/rate-limit/refusals.ts'
import { testApp } from '../../support/app.ts'
import { runCommand } from '../../support/console.ts'
import { redisUrl, reportMissingRedis, TestRedis, waitLongerForRedis } from '../../support/redis.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'

reportMissingRedis()

const hour = 3_600_000
const patient = { timeout: 30_000 }

afterEach(() => {
  vi.restoreAllMocks()
})

const refusalOf = (client: string) => ({ client, route: 'GET /x', agent: 'curl' })

/** Puts the date at so many hours after a fixed one. */
function setHour(hours: number): void {
  vi.spyOn(Date, 'now').mockReturnValue(1_800_000_000_000 + hours * hour)
}

test('counts by client, route and agent, the most frequent first', async () => {
  const refusals = new Refusals()
  for (const client of ['b', 'a', 'a', 'c']) refusals.add(refusalOf(client))
  expect(await refusals.top('client', 2, 1)).toEqual([
    { name: 'a', refused: 2 },
    { name: 'b', refused: 1 },
  ])
  expect(await refusals.top('route', 9, 1)).toEqual([{ name: 'GET /x', refused: 4 }])
  expect(await refusals.top('agent', 9, 1)).toEqual([{ name: 'curl', refused: 4 }])
})

test('adds up hours, and forgets them after a day', async () => {
  const refusals = new Refusals()
  for (let now = 0; now < 30; now += 1) {
    setHour(now)
    refusals.add(refusalOf('a'))
  }
  expect(await refusals.top('client', 9, 1)).toEqual([{ name: 'a', refused: 1 }])
  expect(await refusals.top('client', 9, 2)).toEqual([{ name: 'a', refused: 2 }])
  expect(await refusals.top('client', 9, 24)).toEqual([{ name: 'a', refused: 24 }])
  expect(await refusals.top('client', 9, 48)).toEqual([{ name: 'a', refused: 24 }])
})

test('keeps a name that is refused again and again, however many others there are', async () => {
  const refusals = new Refusals()
  refusals.add(refusalOf('x'.repeat(500)))
  for (let name = 0; name < 10 * maxNames; name += 1) {
    refusals.add(refusalOf(`once ${name}`))
    if (name % 500 === 0) refusals.add(refusalOf('often'))
  }
  refusals.add(refusalOf('x'.repeat(500)))
  const top = await refusals.top('client', Number.POSITIVE_INFINITY, 1)
  expect(top.length).toBeLessThanOrEqual(maxNames)
  expect(top[0]).toEqual({ name: 'often', refused: 20 })
  expect(top).toContainEqual({ name: 'x'.repeat(200), refused: 1 })
})

test.each([
  ['--top', '0'],
  ['--top', 'x'],
  ['--hours', '25'],
  ['--by', 'name'],
])('monitor rate-limits refuses %s %s', async (option, value) => {
  const { exitCode } = await runCommand(['monitor', 'rate-limits', option, value])
  expect(exitCode).toBe(2)
})

describe.skipIf(!redisUrl)('in Redis', () => {
  let redis: TestRedis

  beforeEach(() => {
    redis = new TestRedis()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await redis.drop()
  })

  test('counts of several processes and hours add up; sets are bounded and end', async () => {
    const [first, second] = [new Refusals(redis.client), new Refusals(redis.client)]
    setHour(0)
    for (const refusals of [first, second]) {
      refusals.add(refusalOf('a'))
      await refusals.save()
    }
    setHour(1)
    for (let name = 0; name < 2 * maxNames; name += 1) {
      first.add(refusalOf(`once ${name}`))
      if (name % 500 === 499) await first.save()
    }
    for (let again = 0; again < 5; again += 1) first.add(refusalOf('a'))
    expect(await first.top('client', 1, 2)).toEqual([{ name: 'a', refused: 7 }])
    const total = 2 * maxNames + 5
    expect(await second.top('route', 1, 1)).toEqual([{ name: 'GET /x', refused: total }])
    for (const key of await redis.keys()) {
      expect(await redis.client.zcard(key)).toBeLessThanOrEqual(maxNames)
      expect(await redis.client.ttl(key)).toBeGreaterThan(24 * 3_600)
    }
  })

  test('saves what was counted before the hour changed under that hour', async () => {
    const refusals = new Refusals(redis.client)
    setHour(0)
    refusals.add(refusalOf('a'))
    setHour(1)
    expect(await refusals.top('client', 1, 1)).toEqual([])
    expect(await refusals.top('client', 1, 2)).toEqual([{ name: 'a', refused: 1 }])
  })

  test('does not save counts twice when the reply is lost', async () => {
    const pipeline = redis.client.pipeline()
    const exec = pipeline.exec.bind(pipeline)
    vi.spyOn(pipeline, 'exec').mockImplementation(async () => {
      await exec()
      throw new Error('Command timed out')
    })
    vi.spyOn(redis.client, 'pipeline').mockReturnValueOnce(pipeline)
    const refusals = new Refusals(redis.client)
    refusals.add(refusalOf('a'))
    await refusals.save()
    expect(pipeline.exec).toHaveBeenCalledOnce()
    expect(await refusals.top('client', 1, 1)).toEqual([{ name: 'a', refused: 1 }])
  })

  test('monitor prints nothing but a sentence when nothing was refused', async () => {
    const { stdout } = await runCommand(['monitor', 'rate-limits'], redis.env)
    expect(stdout).toBe('Nothing was refused.\n')
  })

  test('monitor passes no control character of a client on to the terminal', async () => {
    const refusals = new Refusals(redis.client)
    refusals.add({ ...refusalOf('a'), agent: 'evil\u009b2J\u001b[31m' })
    await refusals.save()
    const { stdout } = await runCommand(['monitor', 'rate-limits', '--by', 'agent'], redis.env)
    expect(stdout).toBe('refused  agent\n1        evil?2J?[31m\n')
  })

  test('rejects with a 503 while Redis is away, and counts what is refused later', async () => {
    const proxy = await new TcpProxy(redis.url).start()
    const app = await testApp({ ...redis.env, REDIS_URL: proxy.url })
    await app.ready()
    waitLongerForRedis(app)
    const refusals = new Refusals(app.redis)
    proxy.mode = 'cut'
    refusals.add(refusalOf('a'))
    await expect(refusals.top('client', 1, 1)).rejects.toMatchObject({ status: 503 })
    proxy.mode = 'open'
    const top = () => refusals.top('client', 1, 1).catch(() => undefined)
    await expect.poll(top, patient).toEqual([])
    refusals.add(refusalOf('a'))
    await expect.poll(top, patient).toEqual([{ name: 'a', refused: 1 }])
    await app.close()
    await proxy.stop()
  })
})
