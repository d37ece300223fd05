import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type TestContext, test } from 'vitest'
import { HttpClient } from '../../../src/resilience/http-client.ts'
import { type Policy, policy } from '../../../src/resilience/policy.ts'
import { testApp } from '../../support/app.ts'
import { answer, Callee } from '../../support/callee.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'

const attempts = 4
const timeoutMs = 1_000
const waits = { baseMs: 20, maxMs: 80 }

/** Every attempt may take its time, and so may every wait between them. */
const longestMs = attempts * timeoutMs + (20 + 40 + 80)
const toleranceMs = 5_000

/** A service whose route `/price` calls another one over a slow network, with retries. */
async function start(context: TestContext) {
  const callee = await new Callee(answer(200, '{"amount":"1.00"}')).start()
  context.onTestFinished(() => callee.stop())
  const network = await new TcpProxy(callee.url).start()
  context.onTestFinished(() => network.stop())
  const app = await testApp()
  context.onTestFinished(() => app.close())
  const retrying = policy({ timeoutMs, retry: { attempts, ...waits } })
  let attemptsMade = 0
  const counting: Policy = {
    ...retrying,
    execute: (work, options) =>
      retrying.execute((signal) => {
        attemptsMade += 1
        return work(signal)
      }, options),
  }
  const client = new HttpClient({ baseUrl: network.url, policy: counting })
  app.get('/price', async (request) => {
    return (await client.request('/', { signal: request.signal })).body
  })
  await app.ready()

  /** Twenty requests at a time: their statuses, attempts, and how long the slowest took in ms. */
  async function ask() {
    const begin = performance.now()
    attemptsMade = 0
    const responses = await Promise.all(Array.from({ length: 20 }, () => app.inject('/price')))
    const statuses = [...new Set(responses.map(({ statusCode }) => statusCode))]
    return { statuses, attempts: attemptsMade, slowestMs: performance.now() - begin }
  }
  // The first calls of a process take longer.
  await expect.poll(async () => (await ask()).attempts, { timeout: 20_000 }).toBe(20)
  return { network, ask }
}

test('a slow network that stays within the timeout costs no retry', async (context) => {
  const { network, ask } = await start(context)
  network.latency = 20
  expect(await ask()).toMatchObject({ statuses: [200], attempts: 20 })
})

test('requests survive a delay that passes: a later attempt succeeds', async (context) => {
  const { network, ask } = await start(context)
  network.latency = 10 * timeoutMs
  const asked = ask()
  await sleep(timeoutMs * 1.5)
  network.latency = 0
  const { statuses, attempts } = await asked
  expect(statuses).toEqual([200])
  expect(attempts).toBeGreaterThanOrEqual(40)
})

test('a delay that stays is a 504 after a limited time', async (context) => {
  const { network, ask } = await start(context)
  network.latency = 10 * timeoutMs
  const result = await ask()
  expect(result).toMatchObject({ statuses: [504], attempts: 20 * attempts })
  expect(result.slowestMs).toBeLessThan(longestMs + toleranceMs)
})
