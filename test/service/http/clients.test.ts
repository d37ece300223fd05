import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'
import { TcpProxy } from '../support/tcp-proxy.ts'
import { Traffic } from '../support/traffic.ts'

test('clients whose network breaks, stalls and is slow cost the others nothing', async (context) => {
  const server = await ServerProcess.start({ SHUTDOWN_TIMEOUT_MS: '5000' })
  context.onTestFinished(() => server.stop())
  await server.listening()
  const proxy = await new TcpProxy(server.url).start()
  context.onTestFinished(() => proxy.stop())

  const clients = { keepAlive: 10, fresh: 10, paths: ['/health/live', '/openapi.json'] }
  const broken = new Traffic(new URL(proxy.url).origin, clients)
  const well = new Traffic(server.url, { ...clients, fresh: 0, paths: ['/health/live'] })
  proxy.latency = 20
  await sleep(500)
  for (let round = 0; round < 5; round += 1) {
    proxy.mode = 'silent'
    await sleep(50)
    // Everybody who asks is in the middle of it.
    proxy.mode = 'cut'
    proxy.mode = 'open'
    await sleep(50)
  }
  broken.leave()
  proxy.mode = 'cut'
  well.leave()

  expect((await broken.ended()).dropped.length).toBeGreaterThan(50)
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  server.signal('SIGTERM')
  const { answered, dropped } = await well.ended()
  expect(dropped).toEqual([])
  expect(answered).toBeGreaterThan(100)
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.lines.filter((line) => line.includes('"level":"fatal"'))).toEqual([])
  expect(server.stderr).toBe('')
})
