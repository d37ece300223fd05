import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { ServerProcess } from '../../support/server-process.ts'
import { TcpProxy } from '../../support/tcp-proxy.ts'
import { Traffic } from '../support/traffic.ts'

const patient = { timeout: 300_000, interval: 50 }

test('clients whose network is slow, stalls and breaks do not affect others', async (context) => {
  const server = await ServerProcess.start({ SHUTDOWN_TIMEOUT_MS: '60000' })
  context.onTestFinished(() => server.stop())
  await server.listening()
  const proxy = await new TcpProxy(server.url).start()
  context.onTestFinished(() => proxy.stop())

  const clients = { keepAlive: 10, fresh: 10, paths: ['/health/live', '/openapi.json'] }
  const broken = new Traffic(new URL(proxy.url).origin, clients)
  const others = new Traffic(server.url, { ...clients, fresh: 0, paths: ['/health/live'] })
  proxy.latency = 20
  for (let rounds = 0; rounds < 5 || broken.outcome.dropped.length <= 50; rounds += 1) {
    proxy.mode = 'silent'
    await sleep(50)
    // Every client is in the middle of a request.
    proxy.mode = 'cut'
    proxy.mode = 'open'
    await sleep(50)
  }
  broken.leave()
  proxy.mode = 'cut'
  await broken.ended()
  await vi.waitUntil(() => others.outcome.answered > 100, patient)
  others.leave()

  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  server.signal('SIGTERM')
  expect((await others.ended()).dropped).toEqual([])
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.lines.filter((line) => line.includes('"level":"fatal"'))).toEqual([])
  expect(server.stderr).toBe('')
})
