import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type TestContext, test } from 'vitest'
import { HttpClient } from '../../src/resilience/http-client.ts'
import { policy } from '../../src/resilience/policy.ts'
import { Retry, type RetryEvent } from '../../src/resilience/retry.ts'
import { Timeout } from '../../src/resilience/timeout.ts'
import { testApp } from '../support/app.ts'
import { Callee } from '../support/callee.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'

const attempts = 4
const timeoutMs = 500
const waits = { baseMs: 20, maxMs: 80 }

/** Every attempt may take its time, and every wait between them. */
const longest = attempts * timeoutMs + (20 + 40 + 80)
const noise = 1_000

/** A service whose route `/price` asks another one over a slow network, and tries again. */
async function start(context: TestContext) {
  const callee = new Callee((_request, response) => {
    response.end('{"price":"1.00"}')
  })
  await callee.start()
  context.onTestFinished(() => callee.stop())
  const network = await new TcpProxy(callee.url).start()
  context.onTestFinished(() => network.stop())
  const app = await testApp()
  context.onTestFinished(() => app.close())
  const events: RetryEvent['kind'][] = []
  const client = new HttpClient({
    baseUrl: network.url,
    policy: policy({
      retry: new Retry({ attempts, ...waits, onEvent: ({ kind }) => events.push(kind) }),
      timeout: new Timeout(timeoutMs),
    }),
  })
  app.get('/price', (request) => client.json('/', { signal: request.signal }))
  await app.ready()

  /** Twenty requests at the same time: their statuses, and how long the slowest took in ms. */
  async function ask() {
    const begin = performance.now()
    const responses = await Promise.all(Array.from({ length: 20 }, () => app.inject('/price')))
    const statuses = [...new Set(responses.map(({ statusCode }) => statusCode))]
    return { statuses, slowest: performance.now() - begin }
  }
  // The first calls of a process take longer.
  expect(await ask()).toMatchObject({ statuses: [200] })
  events.length = 0
  return { network, events, ask }
}

test('a slow network that keeps within the timeout costs no retry', async (context) => {
  const { network, events, ask } = await start(context)
  network.latency = 20
  expect(await ask()).toMatchObject({ statuses: [200] })
  expect(events).toEqual([])
})

test('requests survive a delay that passes: a later attempt succeeds', async (context) => {
  const { network, events, ask } = await start(context)
  network.latency = 10 * timeoutMs
  const asked = ask()
  await sleep(timeoutMs * 1.5)
  network.latency = 0
  expect(await asked).toMatchObject({ statuses: [200] })
  expect(events.filter((kind) => kind === 'recovered')).toHaveLength(20)
})

test('a delay that stays is a 504 after a bounded time', async (context) => {
  const { network, events, ask } = await start(context)
  network.latency = 10 * timeoutMs
  const { statuses, slowest } = await ask()
  expect(statuses).toEqual([504])
  expect(slowest).toBeLessThan(longest + noise)
  expect(events.filter((kind) => kind === 'exhausted')).toHaveLength(20)
})
