import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config/index.ts'
import { transaction } from '../../src/db/client.ts'
import { emptyDatabase, postgresUrl } from '../support/database.ts'
import { expectProblem } from '../support/problem.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

if (!postgresUrl) console.info('Skipped: chaos tests of PostgreSQL. Set DATABASE_URL to run them.')

const patient = { timeout: 20_000, interval: 50 }

/** The statuses that ten clients get, each for so many requests in a row. */
async function load(app: FastifyInstance, requests: number): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  async function client(index: number): Promise<void> {
    for (let count = 0; count < requests; count += 1) {
      const response = await app.inject((index + count) % 2 ? '/write' : '/read')
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1
      if (response.statusCode !== 200) expectProblem(response, 503, 'service-unavailable')
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, index) => client(index)))
  return statuses
}

test.skipIf(!postgresUrl)('recovers when PostgreSQL is cut off under load', async (context) => {
  const { url, drop } = await emptyDatabase()
  context.onTestFinished(drop)
  const network = await new TcpProxy(url).start()
  context.onTestFinished(() => network.stop())
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_POOL_SIZE: '3' }
  const app = await buildApp(loadConfig({ ...env, DATABASE_URL: network.url }))
  context.onTestFinished(() => app.close())
  app.get('/read', async () => (await app.db.execute(sql`SELECT 1 AS one`)).rows)
  app.get('/write', () =>
    transaction(app.db, async (tx) => (await tx.execute(sql`SELECT pg_sleep(0.01)`)).rows),
  )
  const ready = async () => (await app.inject('/health/ready')).statusCode
  expect(await load(app, 10)).toEqual({ 200: 100 })

  const during = load(app, 20)
  // From here on queries are under way.
  await app.inject('/write')
  network.mode = 'cut'
  expect((await during)[503]).toBeGreaterThan(0)
  expect(await load(app, 2)).toEqual({ 503: 20 })
  expect(await ready()).toBe(503)
  expect((await app.inject('/health/live')).statusCode).toBe(200)

  network.mode = 'open'
  await expect.poll(ready, patient).toBe(200)
  expect(await load(app, 10)).toEqual({ 200: 100 })
  // A pool that had lost count of its connections would not close them all.
  await app.close()
  await expect.poll(() => network.connections, patient).toBe(0)
})
