import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../../support/run.ts'
import { createdService, createFlags, product } from '../../support/service.ts'
import { temporaryFolder, treeOf } from '../../support/tree.ts'

const minimal = [...createFlags, '--preset', 'minimal', '--name', 'my-app']

/** What follows `Next:` in the output of a command. */
async function nextAfter(cwd: string, words: readonly string[]): Promise<readonly string[]> {
  const { out } = await ran(cwd, words)
  const [, next = ''] = out.split('Next:\n')
  return next.split('\n').flatMap((line) => (line.trim() === '' ? [] : line.trim()))
}

describe('the next steps after create', () => {
  it.each([
    ['my-app', 'cd my-app'],
    ['./my-app', 'cd ./my-app'],
    ['a/b', 'cd a/b'],
    ['./My App', "cd './My App'"],
    ["./it's", "cd './it'\\''s'"],
  ])('lead into %s', async (dir, way) => {
    expect((await nextAfter(temporaryFolder(), [dir, ...minimal]))[0]).toBe(way)
  })

  it('begin with nothing to enter where the shell is there already', async () => {
    const [first] = await nextAfter(temporaryFolder(), ['.', ...minimal])
    expect(first).toBe('npm install')
  })

  it('lead into an absolute path as it was typed', async () => {
    const target = join(temporaryFolder(), 'my app')
    expect((await nextAfter(temporaryFolder(), [target, ...minimal]))[0]).toBe(`cd '${target}'`)
  })

  it('lead there from where the shell is, not from --cwd', async () => {
    const parent = temporaryFolder()
    const words = ['my-app', ...minimal, '--cwd', parent]
    expect((await nextAfter(temporaryFolder(), words))[0]).toBe(`cd ${join(parent, 'my-app')}`)
    const [first] = await nextAfter(join(parent, 'my-app'), [
      ...['my-other', ...minimal, '--cwd', parent],
    ])
    expect(first).toBe(`cd ${join(parent, 'my-other')}`)
  })

  it.each([
    ['npm', 'npx create-service dev serve'],
    ['pnpm', 'pnpm exec create-service dev serve'],
    ['yarn', 'yarn create-service dev serve'],
    ['bun', 'bunx create-service dev serve'],
  ])('run this program as %s does', async (manager, serve) => {
    const words = ['my-app', ...minimal, '--package-manager', manager]
    expect(await nextAfter(temporaryFolder(), words)).toEqual([
      'cd my-app',
      `${manager} install`,
      serve,
    ])
  })
})

describe('create', () => {
  it('says which feature a chosen one brings in', async () => {
    const words = ['my-app', ...createFlags, '--features', 'auth']
    expect((await ran(temporaryFolder(), words)).out).toContain(
      'Database comes in too, because Auth requires it.',
    )
    const both = ['my-app', ...createFlags, '--features', 'auth,database']
    expect((await ran(temporaryFolder(), both)).out).not.toContain('comes in too')
  })
})

describe('create --start', () => {
  const start = ['./app', '--yes', '--no-git', '--start', '--preset', 'minimal']

  it('refuses a port that is named and taken, before it writes anything', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const parent = temporaryFolder()
    const flag = await run(parent, [...start, '--port', `${port}`])
    const named = await run(parent, start, { env: { PORT: `${port}` } })
    server.close()
    for (const { code, err } of [flag, named]) {
      expect(code).toBe(1)
      expect(err).toMatch(
        new RegExp(`^error Port ${port} on 127\\.0\\.0\\.1 is taken by .*\n.*--port`),
      )
    }
    expect(treeOf(parent)).toEqual({})
  })

  it('refuses what is no port', async () => {
    const { code, err } = await run(temporaryFolder(), [...start, '--port', 'web'])
    expect(code).toBe(2)
    expect(err).toContain('"web" isn\'t a port')
  })
})

describe('what generate ends with', () => {
  it('names the routes of a resource, who may call them and where they are documented', async () => {
    const { out } = await ran(await createdService(), product)
    expect(out).toContain(
      'Routes: GET, POST /api/v1/products; GET, PUT, PATCH, DELETE /api/v1/products/:id\n' +
        'Access: needs a login with products:read or products:write (admin has both)\n' +
        'Docs:   http://127.0.0.1:8000/docs (while the service runs)\n',
    )
    expect(out).toContain('Next:\n  npx create-service dev serve\n')
  })

  it('names the prefix and port that .env sets', async () => {
    const root = await createdService()
    writeFileSync(join(root, '.env'), 'API_PREFIX=/v2\nPORT=9000\nHOST=0.0.0.0\n')
    const { out } = await ran(root, product)
    expect(out).toContain('GET, POST /v2/products;')
    expect(out).toContain('http://localhost:9000/docs')
  })

  it.each([
    ['--public', ['--public'], [], 'open to anyone, no login needed'],
    ['no feature auth', [], ['--features', 'database'], 'open to anyone until you add auth'],
  ])('says with %s that no login is needed', async (_, flags, features, access) => {
    const { out } = await ran(await createdService(...features), [...product, ...flags])
    expect(out).toContain(`Access: ${access}`)
  })

  it('names the route of a router, and none of what has none', async () => {
    const root = await createdService('--preset', 'minimal')
    const words = ['generate', 'router', 'webhooks']
    expect((await ran(root, words)).out).toContain('Routes: GET /api/v1/webhooks/health\n')
    const exact = ['generate', 'router', 'hooks', '--prefix', '/hooks']
    expect((await ran(root, exact)).out).toContain('Routes: GET /hooks/health\n')
    expect((await ran(root, ['generate', 'middleware', 'audit'])).out).not.toContain('Routes:')
  })
})

describe('create-service alone inside a project', () => {
  it('lists what can be done in a service', async () => {
    const root = await createdService('--features', 'auth')
    mkdirSync(join(root, 'src/deeper'))
    const { out } = await ran(join(root, 'src/deeper'), [])
    expect(out).toContain('was created by create-service')
    for (const words of [
      'generate resource',
      'generate migration',
      'destroy',
      'doctor',
      'dev serve',
      'db',
      'monitor',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${words}`, 'm'))
    }
    expect(out).toContain('add features: rate-limit, cache, request-logging, resilience, docker')
  })

  it('lists what can be done in a project made elsewhere', async () => {
    const root = temporaryFolder()
    const own = { name: 'elsewhere', dependencies: { fastify: '^5.0.0' } }
    writeFileSync(join(root, 'package.json'), JSON.stringify(own))
    const { out } = await ran(root, [])
    expect(out).toContain('elsewhere uses Fastify')
    expect(out).toMatch(/^ {2}generate router/m)
    expect(out).not.toMatch(/^ {2}(add|db|features|generate migration)/m)
    const { out: json } = await ran(root, ['--json'])
    const { kind, commands } = JSON.parse(json) as { kind: string; commands: { command: string }[] }
    expect(kind).toBe('foreign')
    expect(commands.map(({ command }) => command)).toContain('generate router [name]')
  })
})
