import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { execute, type Serving, serving } from '../support/processes.ts'
import { databaseUrl, query } from '../support/served.ts'
import { hasTerminals, processesOf, Terminal } from '../support/terminal.ts'

/* Serving a fresh service: its flags, what goes wrong, and changes while it runs. */

const root = copiedService()
const own = join(root, 'node_modules/.bin/create-service')
const env = { CI: 'true', DATABASE_URL: undefined, REDIS_URL: undefined }
const given = process.env.DATABASE_URL
if (given === undefined) {
  process.stderr.write('Several workers are not served: DATABASE_URL is not set.\n')
}

let server: Serving | undefined
afterEach(async () => {
  await server?.stop('SIGKILL', 'group')
})

function serve(words: readonly string[] = [], more: Record<string, string> = {}): Promise<Serving> {
  return serving(root, (port) => [own, 'dev', 'serve', '-p', `${port}`, ...words], {
    ...env,
    ...more,
  })
}

describe('dev serve', () => {
  it('names who holds the port, and a free one', async () => {
    server = await serve(['--no-reload'])
    const { port } = new URL(server.url)
    const second = await execute(root, [own, 'dev', 'serve', '--port', port], env)
    expect(second.code).toBe(1)
    expect(second.output).toMatch(/Port \d+ on 127\.0\.0\.1 is taken by process \d+ \(node /)
    expect(second.output).toMatch(/--port \d+/)
    expect(await server.stop('SIGINT', 'group')).toBe(0)
  })

  it.skipIf(!hasTerminals)('takes the next free port if the default is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const source = join(root, 'src/config/base.ts')
    const text = readFileSync(source, 'utf8')
    const changed = text.replace("integer('PORT', 8000,", `integer('PORT', ${port},`)
    expect(changed).not.toBe(text)
    writeFileSync(source, changed)
    const terminal = new Terminal(root, [own, 'dev', 'serve'], 120, { ...env, CI: undefined })
    try {
      await terminal.shows(/Port \d+ is taken by process \d+ .*; using \d+\./)
      const next = /using (\d+)\./.exec(terminal.output)?.[1]
      await terminal.shows(`http://127.0.0.1:${next}/health/ready`)
      const file = join(root, 'src/resources/index.ts')
      const before = readFileSync(file, 'utf8')
      writeFileSync(file, `${before}export const again = 1\n`)
      await terminal.shows(/src\/resources\/index\.ts changed: reloaded in/)
      writeFileSync(file, before)
      expect((await fetch(`http://127.0.0.1:${next}/health/ready`)).status).toBe(200)
      terminal.press('\x03')
      expect(await terminal.end(), terminal.output).toBe(0)
    } finally {
      writeFileSync(source, text)
      holder.close()
      await terminal.close()
    }
  })

  it('refuses a port that .env names and that is taken, with one message', async () => {
    server = await serve(['--no-reload'])
    const { port } = new URL(server.url)
    writeFileSync(join(root, '.env'), `PORT=${port}\n`)
    const development = { ...env, PORT: undefined, NODE_ENV: 'development' }
    const second = await execute(root, [own, 'dev', 'serve'], development)
    rmSync(join(root, '.env'))
    expect(second.code).toBe(1)
    expect(second.output.match(/taken/g)).toHaveLength(1)
    expect(await server.stop('SIGINT', 'group')).toBe(0)
  })

  it('listens on another address', async () => {
    const port = 20_000 + (process.pid % 10_000)
    const words = [own, 'dev', 'serve', '-H', '127.0.0.2', '-p', `${port}`, '--no-reload']
    server = await serving(root, () => words, env, '/health/ready', `http://127.0.0.2:${port}`)
    expect(server.output()).toContain(`http://127.0.0.2:${port}/docs`)
    expect(await server.stop('SIGTERM', 'first')).toBe(0)
  })

  it.each([
    [['--port', 'abc'], /abc/],
    [['--port', '70000'], /65535/],
    [['--workers', '0'], /--workers/],
    [['--workers', '2'], /PostgreSQL[\s\S]*DATABASE_URL/],
    [['--reload'], /--reload/],
  ])('refuses %j', async (words, message) => {
    const { code, output } = await execute(root, [own, 'dev', 'serve', ...words], env)
    expect(code).toBe(2)
    expect(output).toMatch(message)
  })

  it('serves on while the source does not compile, and waits after a crash', async () => {
    server = await serve()
    const file = join(root, 'src/resources/index.ts')
    const text = readFileSync(file, 'utf8')
    const { output } = server
    const shows = (words: RegExp | string) =>
      vi.waitFor(() => expect(output()).toMatch(words), { timeout: 120_000, interval: 50 })
    writeFileSync(file, `${text}const = 1\n`)
    await shows('Still serving the last version')
    expect(output()).toContain('src/resources/index.ts')
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
    writeFileSync(file, `${text}throw new Error('not today')\n`)
    await shows('not today')
    await shows('Waiting for a change')
    writeFileSync(file, text)
    await shows(/reloaded in/)
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
    expect(await server.stop('SIGINT', 'group')).toBe(0)
  })

  describe.skipIf(process.platform !== 'linux')('with a process that waits', () => {
    const file = join(root, 'src/resources/index.ts')
    const text = readFileSync(file, 'utf8')
    const envFile = join(root, '.env')
    const pids = () =>
      processesOf(root).flatMap(({ pid, line }) => (line.includes('dist/server.js') ? [pid] : []))
    /** The one that serves, and the one that waits. */
    const waiting = async () => {
      const both = { timeout: 120_000, interval: 50 }
      await vi.waitFor(() => expect(pids()).toHaveLength(2), both)
      return pids()
    }
    const reloaded = async (times: number, change: () => void) => {
      change()
      await vi.waitFor(() => expect(server?.output().match(/reloaded in/g)).toHaveLength(times), {
        timeout: 120_000,
        interval: 50,
      })
    }
    afterEach(() => {
      writeFileSync(file, text)
      rmSync(envFile, { force: true })
    })

    it('becomes that one after a change, also of what is imported', async () => {
      server = await serve()
      const before = await waiting()
      await reloaded(1, () =>
        writeFileSync(file, `import { Command } from 'commander'\n${text}void Command\n`),
      )
      const [now, ...others] = pids().filter((pid) => before.includes(pid))
      expect([before.includes(now ?? 0), others]).toEqual([true, []])
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
      expect(await server.stop('SIGINT', 'group')).toBe(0)
      expect(pids()).toEqual([])
    })

    it('starts anew, and so do settings, after a change of .env', async () => {
      server = await serve([], { NODE_ENV: 'development' })
      const before = await waiting()
      await reloaded(1, () => writeFileSync(envFile, 'API_PREFIX=/other\nLOG_LEVEL=debug\n'))
      // What the new process logs may arrive behind the line that says it answers.
      await vi.waitFor(() => expect(server?.output()).toContain('mounting resources'), 60_000)
      expect(pids().filter((pid) => before.includes(pid))).toEqual([])
      expect(await server.stop('SIGTERM', 'first')).toBe(0)
      expect(pids()).toEqual([])
    })

    it('needs none: one that was killed is not missed', async () => {
      server = await serve()
      const [, second = 0] = await waiting()
      process.kill(second, 'SIGKILL')
      await reloaded(1, () => writeFileSync(file, `${text}export const changed = 1\n`))
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
      expect(await server.stop('SIGINT', 'first')).toBe(0)
      expect(pids()).toEqual([])
    })

    it('leaves nothing when it is killed itself', async () => {
      server = await serve()
      await waiting()
      await server.stop('SIGKILL', 'first')
      await vi.waitFor(() => expect(pids()).toEqual([]), { timeout: 120_000, interval: 50 })
    })

    it.each([
      [['--no-reload'], {}],
      [[], { NODE_OPTIONS: '--no-warnings' }],
    ])('has none with %j and %j', async (words, more: Record<string, string>) => {
      server = await serve(words, more)
      // Where there is one it is there soon after the first answers.
      await new Promise((resolve) => setTimeout(resolve, 3000))
      expect(pids()).toHaveLength(1)
      expect(await server.stop('SIGINT', 'group')).toBe(0)
    })
  })

  it.skipIf(given === undefined)('serves with several workers on PostgreSQL', async () => {
    const database = `create_service_workers_${process.pid}`
    query(root, `CREATE DATABASE ${database}`)
    try {
      server = await serve(['--workers', '2'], { DATABASE_URL: databaseUrl(database) })
      expect(server.output()).toMatch(/changes aren't reloaded/)
      const { output } = server
      await vi.waitFor(() => expect(output()).toContain('every worker listens'), {
        timeout: 120_000,
      })
      const pids = output().match(/"pid":\d+(?=.*listening)/g)
      expect(new Set(pids).size).toBeGreaterThan(1)
      expect(await server.stop('SIGINT', 'group')).toBe(0)
      expect(output().match(/"msg":"shut down"/g)).toHaveLength(2)
    } finally {
      await server?.stop('SIGKILL', 'group')
      query(root, `DROP DATABASE ${database} WITH (FORCE)`)
    }
  })
})
