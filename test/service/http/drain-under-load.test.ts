import { expect, type TestContext, test, vi } from 'vitest'
import type { Env } from '../../../src/config/index.ts'
import { emptyDatabase, postgresUrl } from '../../support/database.ts'
import { RawRequest } from '../../support/raw-request.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { type Clients, Traffic } from '../support/traffic.ts'

const patient = { timeout: 300_000, interval: 50 }

/** A short response, and a long one that has to arrive whole. */
const paths = ['/health/live', '/openapi.json']
const lastResponse = expect.stringMatching(/^http\/1\.1 200 .*\r\nconnection: close/s)

/** A server of its own under load, with as many workers as `env` asks for. */
async function busyServer(context: TestContext, env: Env, clients: Omit<Clients, 'paths'>) {
  const server = await ServerProcess.start(env)
  context.onTestFinished(() => server.stop())
  await server.listening()
  if (env.WORKERS !== undefined) await server.line('every worker listens')
  const traffic = new Traffic(server.url, { ...clients, paths })
  await vi.waitUntil(() => traffic.outcome.answered > 500, patient)
  return { server, traffic }
}

/** Requests whose heads have been sent in part; `finish` sends the rest and returns the answers. */
function begunRequests(url: string, count: number) {
  const begun = Array.from({ length: count }, () => new RawRequest(url))
  for (const request of begun) request.write('GET /health/live HTTP/1.1\r\nhost: ')
  return async function finish(): Promise<string[]> {
    for (const request of begun) request.write('test\r\n\r\n')
    return Promise.all(begun.map(async (request) => (await request.answer()).head.toLowerCase()))
  }
}

/** Asks for readiness until it has failed three times in a row, as a balancer does. */
async function unready(url: string): Promise<void> {
  for (let failures = 0; failures < 3; ) {
    const { status, headers } = await fetch(`${url}/health/ready`)
    failures = status === 503 && headers.get('connection') === 'close' ? failures + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function expectNothingLostBehindBalancer(context: TestContext, env: Env) {
  const delayed = { SHUTDOWN_DELAY_MS: '5000', ...env }
  const { server, traffic } = await busyServer(context, delayed, { keepAlive: 10, fresh: 10 })
  server.signal('SIGTERM')
  await unready(server.url)
  traffic.leave()
  const finish = begunRequests(server.url, 5)
  const { answered, closing, keptOpen, refused, dropped } = await traffic.ended()
  await vi.waitUntil(async () => !(await server.isReachable()), patient)
  expect(await finish()).toEqual(Array(5).fill(lastResponse))
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect({ keptOpen, refused, dropped }).toEqual({ keptOpen: 0, refused: 0, dropped: [] })
  expect(closing).toBeGreaterThan(10)
  expect(server.stderr).toBe('')
  console.info(`${context.task.name}: ${answered} requests, ${dropped.length} dropped`)
}

test('behind a balancer SIGTERM loses no request', async (context) => {
  await expectNothingLostBehindBalancer(context, {})
})

test('behind a balancer SIGTERM loses no request of two workers', async (context) => {
  if (!postgresUrl) {
    console.info('Skipped: several workers, because DATABASE_URL is not set.')
    context.skip('DATABASE_URL is not set')
  }
  const { url = '', drop } = await emptyDatabase()
  context.onTestFinished(drop)
  await expectNothingLostBehindBalancer(context, { WORKERS: '2', DATABASE_URL: url })
})

test('without a delay SIGTERM ends connections that are in use with a response', async (context) => {
  const { server, traffic } = await busyServer(context, {}, { keepAlive: 20, fresh: 0 })
  const finish = begunRequests(server.url, 5)
  expect(await server.isReachable()).toBe(true)
  traffic.leave()
  server.signal('SIGTERM')
  const { dropped, closing } = await traffic.ended()
  expect({ dropped, closing }).toEqual({ dropped: [], closing: 20 })
  expect(await finish()).toEqual(Array(5).fill(lastResponse))
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.stderr).toBe('')
})

test('without a delay or a balancer, clients that come too late are refused', async (context) => {
  const { server, traffic } = await busyServer(context, {}, { keepAlive: 5, fresh: 15 })
  server.signal('SIGTERM')
  const { answered, refused, dropped } = await traffic.ended()
  // The system resets those that connect at the last moment. Only a delay helps against that.
  console.info(
    `${context.task.name}: ${answered} requests, ${refused} refused, ${dropped.length} reset`,
  )
  expect(refused).toBe(20)
  expect(await server.exit()).toEqual({ code: 0, signal: null })
})
