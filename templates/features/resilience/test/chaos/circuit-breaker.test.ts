import { setTimeout } from 'node:timers/promises'
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
}

/** Statuses of the answers to many requests in a row, and the 99th percentile of their times in ms. */
async function ask(count: number) {
  const statuses = new Set<number>()
  const times: number[] = []
  for (let request = 0; request < count; request += 1) {
    const begin = performance.now()
    statuses.add((await app.inject('/price')).statusCode)
    times.push(performance.now() - begin)
  }
  times.sort((a, b) => a - b)
  return { statuses: [...statuses].sort(), p99: times[Math.ceil(0.99 * count) - 1] ?? 0 }
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
  async (_name, fall, rise) => {
    await start()
    expect(await ask(100)).toMatchObject({ statuses: [200] })

    await fall()
    const { statuses, p99 } = await ask(2_000)
    expect(statuses.filter((status) => status < 503)).toEqual([])
    expect(p99).toBeLessThan(timeoutMs / 2)
    expect(app.breakers.get('prices')?.state).not.toBe('closed')

    await rise()
    await setTimeout(openTimeoutMs)
    expect(await ask(100)).toMatchObject({ statuses: [200] })
    expect(app.breakers.get('prices')?.state).toBe('closed')
  },
)
