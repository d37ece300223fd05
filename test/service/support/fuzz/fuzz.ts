import { expect } from 'vitest'
import { testCredentials } from '../../../support/client.ts'
import { LogLines } from '../../../support/log.ts'
import { testAppWithRoutes } from '../../../support/routes.ts'
import { Dice } from './dice.ts'
import { exchange } from './exchange.ts'
import type { World } from './requests.ts'
import { seedData, targetsOf } from './targets.ts'

const parallelConnections = 32
const rowsPerResource = 50

interface FuzzOptions {
  seed: number
  requests: number
  /** Repeats this connection alone. */
  only?: number | undefined
}

/**
 * Sends random requests, valid and broken ones, and asserts that every response is sound, that no
 * connection hangs, that nothing is logged as an error, and that no connection stays open.
 *
 * @returns how often the service answered with each status
 */
export async function fuzz({ seed, requests, only }: FuzzOptions): Promise<Record<number, number>> {
  const log = new LogLines()
  const { app, endpoints } = await testAppWithRoutes({ LOG_LEVEL: 'error' }, { logStream: log })
  app.server.headersTimeout = 200
  app.server.requestTimeout = 200
  const targets = targetsOf(app, endpoints)
  const world: World = {
    targets,
    ...(await seedData(app, targets, rowsPerResource)),
    credentials: await testCredentials(app),
  }
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const statuses: Record<number, number> = {}
  let sent = 0
  let isOver = false
  let connections = only ?? 0

  async function connectRepeatedly(): Promise<void> {
    while (sent < requests && !isOver) {
      const number = connections
      connections += 1
      // An earlier request may have logged out.
      if (connections % 25 === 0) world.credentials = await testCredentials(app)
      const outcome = await exchange(url, world, new Dice(seed + number * 7_919), number).catch(
        (error) => {
          isOver = true
          throw error
        },
      )
      sent += only === undefined ? outcome.sent : requests
      for (const { status } of outcome.answers) statuses[status] = (statuses[status] ?? 0) + 1
    }
  }

  try {
    const lanes = only === undefined ? parallelConnections : 1
    const outcomes = await Promise.allSettled(Array.from({ length: lanes }, connectRepeatedly))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    expect(log.lines).toEqual([])
    const open = () => new Promise((resolve) => app.server.getConnections((_, n) => resolve(n)))
    await expect.poll(open, { timeout: 60_000 }).toBe(0)
    // On a busy machine even this request may exceed the short timeout.
    const ready = async () => (await fetch(`${url}/health/ready`)).status
    await expect.poll(ready, { timeout: 60_000 }).toBe(200)
  } catch (error) {
    const logged = log.lines.slice(0, 3).map((line) => JSON.stringify(line).slice(0, 2_000))
    if (logged.length > 0) console.error(`The service logged:\n${logged.join('\n')}`)
    throw error
  } finally {
    await app.close()
  }
  return statuses
}
