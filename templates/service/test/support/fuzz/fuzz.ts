import { expect } from 'vitest'
import { testCredentials } from '../client.ts'
import { LogLines } from '../log.ts'
import { testAppWithRoutes } from '../routes.ts'
import { Dice } from './dice.ts'
import { exchange } from './exchange.ts'
import type { World } from './requests.ts'
import { seedData, targetsOf } from './targets.ts'

/** So many connections are open at the same time. */
const lanes = 32

/**
 * Sends random requests, right and wrong ones, and asserts that every response is sound, that
 * nothing hangs or fails, and that nothing is left open. FUZZ_SEED and FUZZ_REQUESTS repeat a run;
 * a failure names the connection, which can be repeated alone by FUZZ_ONLY.
 *
 * @param usual how many requests, where FUZZ_REQUESTS does not say it
 * @returns how often each status was answered
 */
export async function fuzz(usual: number): Promise<Record<number, number>> {
  const { FUZZ_SEED, FUZZ_REQUESTS, FUZZ_ONLY } = process.env
  const seed = Number(FUZZ_SEED ?? Date.now() % 1e9)
  const requests = Number(FUZZ_REQUESTS ?? usual)
  const log = new LogLines()
  const { app, endpoints } = await testAppWithRoutes({ LOG_LEVEL: 'error' }, { logStream: log })
  app.server.headersTimeout = 200
  app.server.requestTimeout = 200
  const targets = targetsOf(app, endpoints)
  const world: World = {
    targets,
    ...(await seedData(app, targets, requests / 50)),
    credentials: await testCredentials(app),
  }
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const statuses: Record<number, number> = {}
  let sent = 0
  let connection = FUZZ_ONLY ? Number(FUZZ_ONLY) : 0

  async function lane(): Promise<void> {
    while (sent < requests) {
      const number = connection
      connection += 1
      // Somebody may have logged out.
      if (connection % 25 === 0) world.credentials = await testCredentials(app)
      const outcome = await exchange(url, world, new Dice(seed + number * 7_919), number)
      sent += FUZZ_ONLY ? requests : outcome.sent
      for (const { status } of outcome.answers) statuses[status] = (statuses[status] ?? 0) + 1
    }
  }

  try {
    await Promise.all(Array.from({ length: FUZZ_ONLY ? 1 : lanes }, lane))
    expect(log.lines).toEqual([])
    const open = () => new Promise((resolve) => app.server.getConnections((_, n) => resolve(n)))
    await expect.poll(open, { timeout: 5_000 }).toBe(0)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  } catch (error) {
    console.error(`To repeat: FUZZ_SEED=${seed} FUZZ_REQUESTS=${requests}`)
    throw error
  } finally {
    await app.close()
  }
  return statuses
}
