import { expect, type TestContext, test } from 'vitest'
import { RawRequest } from '../support/raw-request.ts'
import { ServerProcess } from '../support/server-process.ts'

const bug = new URL('../support/crash.mjs', import.meta.url)

/** A server with a bug that a signal calls forth, and a request to it that has begun to arrive. */
async function start(context: TestContext) {
  const server = await ServerProcess.start({ NODE_OPTIONS: `--import ${bug}` })
  context.onTestFinished(() => server.stop())
  await server.listening()
  const open = new RawRequest(server.url)
  open.write('GET /health/live HTTP/1.1\r\nhost: ')
  // Answered after the connection before it was accepted.
  await fetch(server.url)
  return { server, open }
}

test('an error that nobody caught: open requests are answered, exit code 1', async (context) => {
  const { server, open } = await start(context)
  server.signal('SIGUSR2')
  const crash = JSON.parse(await server.line('crashed'))
  expect(crash).toMatchObject({ level: 'fatal', err: { message: 'a bug' } })
  const reachable = () => fetch(server.url).then(Boolean, () => false)
  await expect.poll(reachable, { interval: 100, timeout: 10_000 }).toBe(false)
  open.write('test\r\n\r\n')
  expect((await open.answer()).head).toMatch(/^HTTP\/1\.1 200 /)
  expect(await server.exit()).toEqual({ code: 1, signal: null })
  expect(server.lines.at(-1)).toContain('shut down')
})

test('a rejected promise is such an error, and a second one ends it at once', async (context) => {
  const { server } = await start(context)
  server.signal('SIGHUP')
  await server.line('crashed')
  server.signal('SIGUSR2')
  expect(await server.exit()).toEqual({ code: 1, signal: null })
  expect(server.lines.filter((line) => line.includes('crashed'))).toHaveLength(2)
})
