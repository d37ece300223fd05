import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Env } from '../../../src/config/index.ts'
import { redisUrl, reportMissingRedis, TestRedis } from '../../support/redis.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { WriteProcesses } from '../support/write-processes.ts'

reportMissingRedis()

const patient = { timeout: 120_000, interval: 50 }
const script = fileURLToPath(new URL('../support/write-service.mjs', import.meta.url))
const keys = 300

describe.each(['in memory', 'durable'])('SIGTERM, with writes %s', (how) => {
  const isDurable = how === 'durable'
  const test_ = isDurable && !redisUrl ? test.skip : test
  const redis = new TestRedis()
  let processes: WriteProcesses
  const servers: ServerProcess[] = []

  beforeEach(async () => {
    processes = await WriteProcesses.create(redis)
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop()
    await processes.stop()
    if (isDurable && redisUrl) await redis.drop()
  })

  async function start(env: Env): Promise<ServerProcess> {
    const settings = {
      APPLIED: processes.file,
      SHUTDOWN_TIMEOUT_MS: '240000',
      ...env,
    }
    const durable = { ...redis.env, CACHE_STORE: 'memory', CACHE_DURABLE_WRITES: 'true' }
    const server = await ServerProcess.start({ ...settings, ...(isDurable && durable) }, script)
    servers.push(server)
    return server.listening()
  }

  test_('loses nothing while the writer is slow and clients wait', async () => {
    const server = await start({ SLOW_MS: '300' })
    const accepted = new Map<string, string[]>()
    let count = 0
    const clients = Array.from({ length: 60 }, async (_, client) => {
      for (let value = 0; ; value += 1) {
        // One key has one client, so that its order is known.
        const key = `key-${client}-${value % (keys / 60)}`
        const url = `${server.url}/written/${key}/${value}`
        const response = await fetch(url, { method: 'PUT' }).catch(() => undefined)
        if (response?.status !== 200) return
        // It is read from the cache at once.
        expect(await response.json()).toEqual({ value: String(value) })
        accepted.set(key, [...(accepted.get(key) ?? []), String(value)])
        count += 1
      }
    })
    await expect.poll(() => count, patient).toBeGreaterThan(1_500)
    expect(processes.applied().length).toBeLessThan(count)
    server.signal('SIGTERM')
    await Promise.all(clients)
    expect(await server.exit()).toEqual({ code: 0, signal: null })
    if (isDurable) {
      const next = await start({ SLOW_MS: '0' })
      await expect.poll(() => redis.client.xlen('cache-writes'), patient).toBe(0)
      next.signal('SIGTERM')
      expect(await next.exit()).toEqual({ code: 0, signal: null })
    }
    const made = new Map<string, string[]>()
    for (const { key, value } of processes.applied())
      made.set(key, [...(made.get(key) ?? []), value])
    for (const [key, values] of accepted) {
      // The connection of the last one may have ended before its answer.
      expect(made.get(key)?.slice(0, values.length)).toEqual(values)
    }
    expect(processes.applied().length).toBeGreaterThanOrEqual(count)
  })
})
