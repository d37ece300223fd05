import { createServer } from 'node:net'
import { type TestContext, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { RawRequest } from '../support/raw-request.ts'
import { ServerProcess } from '../support/server-process.ts'

async function start(context: TestContext, env: Env = {}) {
  const server = await ServerProcess.start(env)
  context.onTestFinished(() => server.stop())
  return server
}

async function listening(context: TestContext, env: Env = {}) {
  const server = await start(context, env)
  return server.listening()
}

/** A request whose body does not end before `write` is called again. */
function openRequest(server: ServerProcess) {
  const request = new RawRequest(server.url)
  request.write('POST /nowhere HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n')
  request.write('content-length: 2\r\n\r\n{')
  return request
}

test.concurrent('SIGTERM: not ready, open requests are answered, exit code 0', async (context) => {
  const { expect } = context
  const server = await listening(context, { SHUTDOWN_DELAY_MS: '1000' })
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  const open = openRequest(server)
  server.signal('SIGTERM')
  await server.line('shutting down')
  const ready = await fetch(`${server.url}/health/ready`)
  expect(ready.status).toBe(503)
  expect(ready.headers.get('connection')).toBe('close')
  // Past the delay it has stopped listening, and waits for the open request.
  const reachable = () => fetch(server.url).then(Boolean, () => false)
  await expect.poll(reachable, { interval: 100, timeout: 10_000 }).toBe(false)
  open.write('}')
  const { head, body } = await open.answer()
  expect(head).toMatch(/^HTTP\/1\.1 404 /)
  expect(head).toContain('\r\nconnection: close')
  expect(JSON.parse(body).type).toBe('/errors/not-found')
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.stderr).toBe('')
})

test.concurrent('SIGINT ends an idle server; HOST is its address, and stdout is JSON', async (context) => {
  const { expect } = context
  const server = await listening(context, { NODE_ENV: 'development', HOST: '127.0.0.2' })
  expect(server.url).toContain('//127.0.0.2:')
  server.signal('SIGINT')
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.lines.map((line) => JSON.parse(line).msg).at(-1)).toBe('shut down')
})

test.concurrent('past SHUTDOWN_TIMEOUT_MS it crashes', async (context) => {
  const { expect } = context
  const server = await listening(context, { SHUTDOWN_TIMEOUT_MS: '100' })
  openRequest(server)
  // Answered after the connection before it was accepted.
  await fetch(server.url)
  server.signal('SIGTERM')
  expect(await server.exit()).toEqual({ code: 1, signal: null })
  expect(server.lines.at(-1)).toContain('longer than 100 ms')
})

test.concurrent('a second signal ends it at once', async (context) => {
  const { expect } = context
  const server = await listening(context, { SHUTDOWN_DELAY_MS: '60000' })
  // At the same time: an echo of the first signal is no second one.
  server.signal('SIGTERM')
  server.signal('SIGINT')
  await server.line('shutting down')
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200)
  const again = setInterval(() => server.signal('SIGTERM'), 100)
  context.onTestFinished(() => clearInterval(again))
  expect(await server.exit()).toEqual({ code: null, signal: 'SIGTERM' })
})

test.concurrent('a taken port is named, and what to do', async (context) => {
  const { expect } = context
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as { port: number }
  const server = await start(context, { PORT: String(port) })
  expect(await server.exit()).toEqual({ code: 1, signal: null })
  other.close()
  expect(server.stderr).toBe(
    `Port ${port} of 127.0.0.1 is in use. Stop the process that listens there, or set PORT.\n`,
  )
})
