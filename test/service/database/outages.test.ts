import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { describe, expect, type TestContext, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { transaction } from '../../../src/db/client.ts'
import { expectProblem } from '../../support/problem.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { skipReason, unsteadyDatabase } from '../support/postgres.ts'

const patient = { timeout: 40_000, interval: 50 }

/** No request may take longer than a wait for a connection and one for an answer; in ms. */
const timeouts = { connectionTimeoutMillis: '300', statement_timeout: '500' }
const longest = 300 + (300 + 500)
const busyMachine = 10_000

/** A service in this process: one route reads, one needs a connection for longer. */
async function start(context: TestContext, url: string): Promise<FastifyInstance> {
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '3' }
  const app = await buildApp(loadConfig({ ...env, DATABASE_URL: url }))
  context.onTestFinished(() => app.close())
  app.get('/read', async () => (await app.db.execute(sql`SELECT 1 AS one`)).rows)
  app.get('/write', () =>
    transaction(app.db, async (tx) => {
      await tx.execute(sql`SELECT 1 AS one`)
      await sleep(5)
      return (await tx.execute(sql`SELECT pg_sleep(0.005), 1 AS one`)).rows
    }),
  )
  await app.ready()
  return app
}

/** Ten clients, each with so many requests in a row; how often each status came, and the slowest. */
async function ask(app: FastifyInstance, each: number) {
  const statuses: Record<number, number> = {}
  let slowest = 0
  async function client(index: number): Promise<void> {
    for (let count = 0; count < each; count += 1) {
      const begin = performance.now()
      const response = await app.inject((index + count) % 2 ? '/write' : '/read')
      slowest = Math.max(slowest, performance.now() - begin)
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1
      if (response.statusCode === 200) continue
      expectProblem(response, 503, 'service-unavailable')
      expect(response.headers['retry-after']).toBe('5')
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, index) => client(index)))
  return { statuses, slowest: Math.round(slowest) }
}

const status = async (app: FastifyInstance, path: string) => (await app.inject(path)).statusCode

describe.skipIf(skipReason)('PostgreSQL', () => {
  test.for(['cut', 'silent'] as const)('%s under load, and back', async (mode, context) => {
    const { network, url } = await unsteadyDatabase(context, timeouts)
    const app = await start(context, url)
    // On a busy machine a wait may be too long now and then, also without an outage.
    const statuses = () => expect.poll(async () => (await ask(app, 10)).statuses, patient)
    await statuses().toEqual({ 200: 100 })

    const during = ask(app, 12)
    // From here on queries are under way.
    await app.inject('/write')
    network.mode = mode
    const hit = await during
    const gone = await ask(app, 2)
    console.info(`PostgreSQL ${mode}: ${JSON.stringify({ hit, gone })}`)
    expect(hit.statuses[503]).toBeGreaterThan(0)
    expect(gone.statuses).toEqual({ 503: 20 })
    expect(Math.max(hit.slowest, gone.slowest)).toBeLessThan(longest + busyMachine)
    expect(await status(app, '/health/ready')).toBe(503)
    expect(await status(app, '/health/live')).toBe(200)

    network.mode = 'open'
    await expect.poll(() => status(app, '/health/ready'), patient).toBe(200)
    await statuses().toEqual({ 200: 100 })
    // A pool that had lost count of its connections would not close them all.
    await app.close()
    await expect.poll(() => network.connections, patient).toBe(0)
  })

  test('a process outlives it, is not ready meanwhile, and ends well', async (context) => {
    const { network, url } = await unsteadyDatabase(context, timeouts)
    const server = await ServerProcess.start({ DATABASE_URL: url })
    context.onTestFinished(() => server.stop())
    await server.listening()
    const ready = async () => (await fetch(`${server.url}/health/ready`)).status
    await expect.poll(ready, patient).toBe(200)
    for (const mode of ['cut', 'silent'] as const) {
      network.mode = mode
      await expect.poll(ready, patient).toBe(503)
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
      network.mode = 'open'
      await expect.poll(ready, patient).toBe(200)
    }
    server.signal('SIGTERM')
    expect(await server.exit()).toEqual({ code: 0, signal: null })
    expect(server.stderr).toBe('')
  })
})
