import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'vitest'
import type { Env } from '../../src/config/index.ts'
import { RawRequest } from '../support/raw-request.ts'
import { ServerProcess } from '../support/server-process.ts'

// On a busy machine a process takes long to end.
const patient = { timeout: 60_000, interval: 50 }

async function start(context: TestContext, env: Env = {}) {
  const server = await ServerProcess.start(env)
  context.onTestFinished(() => server.stop())
  return server
}

test.concurrent('on SIGTERM it turns unready, answers open requests and exits with code 0', async (context) => {
  const { expect } = context
  const server = await (await start(context, { SHUTDOWN_DELAY_MS: '1000' })).listening()
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
  const open = new RawRequest(server.url)
  open.write('POST /nowhere HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n')
  open.write('content-length: 2\r\n\r\n{')

  server.signal('SIGTERM')
  await server.line('shutting down')
  const ready = await fetch(`${server.url}/health/ready`)
  expect(ready.status).toBe(503)
  expect(ready.headers.get('connection')).toBe('close')
  await expect.poll(() => server.isReachable(), patient).toBe(false)
  open.write('}')
  const { head, body } = await open.answer()
  expect(head).toMatch(/^HTTP\/1\.1 404 /)
  expect(head).toContain('\r\nconnection: close')
  expect(JSON.parse(body).type).toBe('/errors/not-found')
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.lines.map((line) => JSON.parse(line).msg).at(-1)).toBe('shut down')
  expect(server.stderr).toBe('')
})

test.concurrent('SIGTERM ends it while it is still starting', async (context) => {
  const { expect } = context
  const module = new URL('../support/hanging-start.mjs', import.meta.url)
  const server = await start(context, { NODE_OPTIONS: `--import ${module}` })
  await server.line('starting')
  server.signal('SIGTERM')
  // Not ended by the signal itself, which does nothing to PID 1.
  expect(await server.exit()).toEqual({ code: 143, signal: null })
})

test.concurrent('a port in use is named, with what to do', async (context) => {
  const { expect } = context
  const other = createServer().listen(0, '127.0.0.1')
  context.onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const server = await start(context, { PORT: String(port) })
  expect(await server.exit()).toEqual({ code: 1, signal: null })
  expect(server.stderr).toMatch(
    new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is in use\\. Stop .*, or set PORT\\.\\n$`),
  )
})
