import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { randomFrom } from '../../support/random.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { seed } from '../support/seed.ts'
import { type Applied, WriteProcesses } from '../support/write-processes.ts'

reportMissingRedis()

const patient = { timeout: 120_000, interval: 50 }
const stream = 'cache-writes'
const lock = 'cache-writes:lock'

describe.skipIf(!redisUrl)('durable writes', () => {
  let redis: TestRedis
  let processes: WriteProcesses

  beforeEach(async () => {
    redis = new TestRedis()
    await redis.client.connect()
    processes = await WriteProcesses.create(redis)
  })
  afterEach(async () => {
    await processes.stop()
    await redis.drop()
  })

  /** Lets a process make everything that waits. */
  async function finish(): Promise<void> {
    const last = processes.start({ SLOW_MS: '0' })
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
    expect(await last.kill('SIGTERM')).toEqual({ code: 0 })
  }

  /** Everything that was accepted was made, in its order; what was repeated has its first key. */
  function expectAllApplied() {
    const applied = processes.applied()
    const accepted = [...processes.accepted().values()].flat()
    const values = new Set(applied.map(({ value }) => value))
    expect(accepted.filter((value) => !values.has(value))).toEqual([])
    const byId = new Map(applied.map(({ id, value }) => [id, value]))
    expect(applied.filter(({ id, value }) => byId.get(id) !== value)).toEqual([])
    expect(byId.size).toBe(values.size)
    expect(outOfOrder(applied)).toEqual([])
    return { accepted: accepted.length, applied: applied.length, different: values.size }
  }

  test(`survive over 100 kills at random moments (TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    let kills = 0
    for (let round = 0; kills <= 100; round += 1) {
      const pair = [0, 1].map((at) => processes.start({ ID: `${round}.${at}`, FAILURES: '0.02' }))
      const began = pair.map((process) => process.said('ready'))
      const killed = pair.map(async (process, at) => {
        // Some while they start, most while they write.
        if (random() < 0.9) await began[at]
        await sleep(random() * 400)
        await process.kill()
      })
      await Promise.all([...killed, ...began.map((it) => it.catch(() => {}))])
      kills += pair.length
      // Both are dead. This saves the time until their lock ends.
      await redis.client.del(lock)
    }
    await finish()
    const counts = expectAllApplied()
    console.info({ kills, ...counts, TEST_SEED: seed })
    expect(counts.accepted).toBeGreaterThan(1_000)
    // Some were made again.
    expect(counts.applied).toBeGreaterThan(counts.different)
  })

  test('of two processes that stop are each made once, with a slow writer', async () => {
    const pair = [0, 1].map((at) => processes.start({ ID: `${at}`, SLOW_MS: '300' }))
    await expect.poll(() => processes.applied().length, patient).toBeGreaterThan(50)
    for (const process of pair) {
      expect(await process.kill('SIGTERM')).toEqual({ code: 0 })
      expect(process.lines).toContain('closed')
    }
    await finish()
    const { applied, different } = expectAllApplied()
    expect(applied).toBe(different)
  })

  test('of a process that was killed are made by another that runs', async () => {
    const dying = processes.start({ ID: 'a' })
    await expect.poll(() => processes.applied().length, patient).toBeGreaterThan(0)
    const other = processes.start()
    await other.said('ready')
    await dying.kill()
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
    expectAllApplied()
  })

  test('of a process that hangs are made by another; it repeats only the batch it had begun', async () => {
    const hanging = processes.start({ ID: 'a' })
    await expect.poll(() => processes.applied().length, patient).toBeGreaterThan(0)
    const other = processes.start()
    await other.said('ready')
    hanging.signal('SIGSTOP')
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
    hanging.signal('SIGCONT')
    const soFar = processes.applied().length
    await expect.poll(() => processes.applied().length, patient).toBeGreaterThan(soFar + 200)
    // The one that hung takes the writes over again.
    expect(await other.kill('SIGTERM')).toEqual({ code: 0 })
    const before = processes.applied().length
    await expect.poll(() => processes.applied().length, patient).toBeGreaterThan(before + 1_200)
    expect(await hanging.kill('SIGTERM')).toEqual({ code: 0 })
    processes.start({ SLOW_MS: '0' })
    await expect.poll(() => redis.client.xlen(stream), patient).toBe(0)
    const applied = processes.applied()
    const values = new Set(applied.map(({ value }) => value))
    const accepted = [...processes.accepted().values()].flat()
    expect(accepted.filter((value) => !values.has(value))).toEqual([])
    // It had taken a thousand.
    expect(applied.length - values.size).toBeLessThan(100)
  })
})

/** Writes that were made for the last time after a later one of their key was. */
function outOfOrder(applied: readonly Applied[]): Applied[] {
  const lastAt = new Map(applied.map(({ id }, at) => [id, at]))
  const newest = new Map<string, string>()
  return applied.filter(({ id, key }, at) => {
    if (lastAt.get(id) !== at) return false
    const before = newest.get(key)
    newest.set(key, id)
    return before !== undefined && isLater(before, id)
  })
}

/** Whether an id of a stream was given after another one. */
function isLater(id: string, other: string): boolean {
  const [ms = 0, count = 0] = id.split('-').map(Number)
  const [otherMs = 0, otherCount = 0] = other.split('-').map(Number)
  return ms > otherMs || (ms === otherMs && count > otherCount)
}
