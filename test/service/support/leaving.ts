import { type TestContext, vi } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { RawRequest } from './raw-request.ts'
import { ServerProcess } from './server-process.ts'
import { type Clients, Traffic } from './traffic.ts'

/** A short answer, and a long one that has to arrive whole. */
const paths = ['/health/live', '/openapi.json']

/** A server of its own, with as many workers as `env` asks for, under load. */
export async function busyServer(context: TestContext, env: Env, clients: Omit<Clients, 'paths'>) {
  const server = await ServerProcess.start(env)
  context.onTestFinished(() => server.stop())
  await server.listening()
  if (env.WORKERS !== undefined) await server.line('every worker listens')
  const traffic = new Traffic(server.url, { ...clients, paths })
  await vi.waitUntil(() => traffic.outcome.answered > 500, { timeout: 30_000 })
  return { server, traffic }
}

/** Requests whose heads have been sent in part. */
export function begunRequests(url: string, count: number) {
  const begun = Array.from({ length: count }, () => new RawRequest(url))
  for (const request of begun) request.write('GET /health/live HTTP/1.1\r\nhost: ')
  return {
    /** Sends the rest, and gives the heads of the answers. */
    async finish(): Promise<string[]> {
      for (const request of begun) request.write('test\r\n\r\n')
      return Promise.all(begun.map(async (request) => (await request.answer()).head.toLowerCase()))
    },
  }
}

/** As a balancer does: asks for readiness again and again until it has failed three times. */
export async function unready(url: string): Promise<void> {
  for (let failures = 0; failures < 3; ) {
    const { status, headers } = await fetch(`${url}/health/ready`)
    failures = status === 503 && headers.get('connection') === 'close' ? failures + 1 : 0
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Takes a server away behind a balancer and gives what became of the requests. */
export async function leaveBehindBalancer(context: TestContext, env: Env = {}) {
  const clients = { keepAlive: 10, fresh: 10 }
  const { server, traffic } = await busyServer(
    context,
    { SHUTDOWN_DELAY_MS: '1500', ...env },
    clients,
  )
  const before = traffic.outcome.answered
  server.signal('SIGTERM')
  await unready(server.url)
  traffic.leave()
  const begun = begunRequests(server.url, 5)
  const outcome = await traffic.ended()
  const reachable = () => fetch(server.url).then(Boolean, () => false)
  await vi.waitUntil(async () => !(await reachable()), { timeout: 30_000, interval: 100 })
  const heads = await begun.finish()
  const { code } = await server.exit()
  const { answered, closing, dropped } = outcome
  console.info(
    `${context.task.name}: ${answered} requests, ${answered - before} of them after SIGTERM; ` +
      `${closing} last answers, ${dropped.length} dropped`,
  )
  return { outcome, heads, code, stderr: server.stderr }
}
