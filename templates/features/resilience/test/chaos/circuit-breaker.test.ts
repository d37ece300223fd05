import { setTimeout } from 'node:timers/promises'
import autocannon from 'autocannon'
import type { FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { HttpClient } from '../../src/resilience/http-client.ts'
import { policy } from '../../src/resilience/policy.ts'
import { Retry } from '../../src/resilience/retry.ts'
import { Timeout } from '../../src/resilience/timeout.ts'
import { testApp } from '../support/app.ts'
import { Callee } from '../support/callee.ts'

const timeoutMs = 500
const openTimeoutMs = 300

let mode: 'well' | 'hangs' = 'well'
let app: FastifyInstance
let url: string
let callee: Callee

afterEach(async () => {
  await app.close()
  await callee.stop()
})

/** A service whose route `/price` asks another one. */
async function start(): Promise<void> {
  mode = 'well'
  callee = new Callee((_request, response) => {
    if (mode === 'well') response.end('{"price":"1.00"}')
  })
  await callee.start()
  app = await testApp()
  const client = new HttpClient({
    baseUrl: callee.url,
    policy: policy({
      retry: new Retry({ attempts: 2, baseMs: 10 }),
      breaker: app.breakers.create('prices', { openTimeoutMs }),
      timeout: new Timeout(timeoutMs),
    }),
  })
  app.get('/price', (request) => client.json('/', { signal: request.signal }))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
}

/** What ten clients at the same time were answered, and the 99th percentile of it in ms. */
async function ask(amount: number) {
  const result = await autocannon({ url: `${url}/price`, connections: 10, amount, timeout: 10 })
  const { errors, latency } = result
  return { errors, well: result['2xx'], failed: result['5xx'], p99: latency.p99 }
}

test.each([
  ['is gone', () => callee.stop(), () => callee.start()],
  [
    'hangs',
    () => {
      mode = 'hangs'
    },
    () => {
      mode = 'well'
    },
  ],
])(
  'a callee that %s costs its callers little; when it is back the circuit closes',
  async (name, fall, rise) => {
    await start()
    expect(await ask(100)).toMatchObject({ errors: 0, well: 100 })

    await fall()
    // As many as there are clients wait for their timeout; nobody else does.
    const { p99, ...answers } = await ask(2_000)
    console.info(`A callee that ${name}: p99 ${p99} ms`)
    expect(answers).toEqual({ errors: 0, well: 0, failed: 2_000 })
    expect(p99).toBeLessThan(timeoutMs / 2)
    expect(app.breakers.get('prices')?.state).not.toBe('closed')

    await rise()
    await setTimeout(openTimeoutMs)
    expect((await app.inject('/price')).statusCode).toBe(200)
    expect((await app.inject('/price')).statusCode).toBe(200)
    expect(await ask(100)).toMatchObject({ errors: 0, well: 100 })
    expect(app.breakers.get('prices')?.state).toBe('closed')
  },
)
