import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, type TestContext, test, vi } from 'vitest'
import type { Env } from '../../../src/config/index.ts'
import { type Host, handleStopSignals } from '../../../src/http/shutdown.ts'
import { RawRequest } from '../../support/raw-request.ts'
import { serverFolder } from '../../support/server-folder.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { isPidNamespaceAllowed, Pid1 } from '../support/pid-1.ts'

const patient = { timeout: 120_000, interval: 50 }
const bug = new URL('../support/crash.mjs', import.meta.url)
const hang = new URL('../../support/hanging-start.mjs', import.meta.url)

async function start(context: TestContext, env: Env = {}): Promise<ServerProcess> {
  const server = await ServerProcess.start(env)
  context.onTestFinished(() => server.stop())
  return server.listening()
}

/** A request whose body doesn't end before `}` is written. */
async function openRequest(server: ServerProcess): Promise<RawRequest> {
  const request = new RawRequest(server.url)
  request.write('POST /nowhere HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n')
  request.write('content-length: 2\r\n\r\n{')
  // Answered after the connection before it was accepted.
  await fetch(server.url)
  return request
}

test('SIGINT ends an idle server, HOST is its address, and stdout is JSON', async (context) => {
  const server = await start(context, { NODE_ENV: 'development', HOST: '127.0.0.2' })
  expect(server.url).toContain('//127.0.0.2:')
  server.signal('SIGINT')
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.lines.map((line) => JSON.parse(line).msg).at(-1)).toBe('shut down')
})

test('a shutdown that takes longer than SHUTDOWN_TIMEOUT_MS ends with code 1', async (context) => {
  const server = await start(context, { SHUTDOWN_TIMEOUT_MS: '100' })
  await openRequest(server)
  server.signal('SIGTERM')
  expect(await server.exit()).toEqual({ code: 1, signal: null })
  expect(server.lines.at(-1)).toContain('longer than 100 ms')
  expect(server.stderr).toBe('')
})

describe('a stop signal', () => {
  let host: EventEmitter & { exit: ReturnType<typeof vi.fn> }
  let onStop: ReturnType<typeof handleStopSignals>
  const stop = vi.fn()

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
    stop.mockClear()
    host = Object.assign(new EventEmitter(), { exit: vi.fn() })
    onStop = handleStopSignals(host as unknown as Host)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('ends a process that is starting', () => {
    host.emit('SIGINT', 'SIGINT')
    expect(host.exit.mock.calls).toEqual([[130]])
  })

  test('stops a process that has started, and only once if both signals come together', () => {
    onStop(stop)
    host.emit('SIGINT', 'SIGINT')
    vi.advanceTimersByTime(1_000)
    host.emit('SIGINT', 'SIGINT')
    host.emit('SIGTERM', 'SIGTERM')
    expect(stop.mock.calls).toEqual([['SIGINT']])
    expect(host.exit).not.toHaveBeenCalled()
  })

  test('ends the process at once when it comes again', () => {
    onStop(stop)
    host.emit('SIGINT', 'SIGINT')
    vi.advanceTimersByTime(1_001)
    host.emit('SIGTERM', 'SIGTERM')
    expect(host.exit.mock.calls).toEqual([[143]])
  })
})

test('a second signal ends a process that still serves', async (context) => {
  const server = await start(context, { SHUTDOWN_DELAY_MS: '600000' })
  server.signal('SIGTERM')
  server.signal('SIGINT')
  await server.line('shutting down')
  expect(await server.isReachable()).toBe(true)
  const again = setInterval(() => server.signal('SIGTERM'), 100)
  context.onTestFinished(() => clearInterval(again))
  expect(await server.exit()).toEqual({ code: 143, signal: null })
})

describe('an error that nobody caught', () => {
  test('is logged, open requests are answered, and the exit code is 1', async (context) => {
    const server = await start(context, { NODE_OPTIONS: `--import ${bug}` })
    const open = await openRequest(server)
    server.signal('SIGUSR2')
    const crash = JSON.parse(await server.line('crashed'))
    expect(crash).toMatchObject({ level: 'fatal', err: { message: 'a bug' } })
    await expect.poll(() => server.isReachable(), patient).toBe(false)
    open.write('}')
    expect((await open.answer()).head).toMatch(/^HTTP\/1\.1 404 /)
    expect(await server.exit()).toEqual({ code: 1, signal: null })
    expect(server.lines.at(-1)).toContain('shut down')
  })

  test('may be a rejected promise, and a second one ends the process at once', async (context) => {
    const server = await start(context, { NODE_OPTIONS: `--import ${bug}` })
    await openRequest(server)
    server.signal('SIGHUP')
    await server.line('crashed')
    server.signal('SIGUSR2')
    expect(await server.exit()).toEqual({ code: 1, signal: null })
    expect(server.lines.filter((line) => line.includes('crashed'))).toHaveLength(2)
  })
})

// A container's process is PID 1, for which signals have no default action.
test('SIGTERM ends PID 1 while it is starting', async (context) => {
  if (!isPidNamespaceAllowed()) {
    console.info('Skipped: a service as PID 1, because PID namespaces are not allowed here.')
    context.skip('PID namespaces are not allowed here')
  }
  const service = new Pid1(await serverFolder(), { NODE_OPTIONS: `--import ${hang}` })
  context.onTestFinished(() => service.kill())
  await expect.poll(() => service.stdout, patient).toContain('starting')
  service.signal('SIGTERM')
  expect(await service.exit()).toBe(143)
})
