import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../../src/dev/facts.ts'
import { resolveServe } from '../../../../src/dev/serve/resolve-serve.ts'
import type { Package } from '../../../../src/project/package.ts'

const service: Facts = {
  root: '/p',
  isService: true,
  features: ['database'],
  packageManager: 'npm',
  levels: [{ folder: '/p', package: {}, names: ['package.json', 'tsconfig.build.json'] }],
  sources: [],
  isSolution: false,
}

function foreign(own: Package): Facts {
  const levels: Facts['levels'] = [{ folder: '/p', package: own, names: ['package.json'] }]
  return { ...service, isService: false, features: [], packageManager: 'pnpm', levels }
}

describe('a service', () => {
  it.each([
    ['nothing', {}, {}],
    ['--port', { port: '9000' }, { PORT: '9000' }],
    ['--port 0', { port: '0' }, { PORT: '0' }],
    ['--host', { host: '0.0.0.0' }, { HOST: '0.0.0.0' }],
    ['--workers', { workers: '4' }, { WORKERS: '4' }],
  ])('is told of %s', (_flag, options, env) => {
    expect(resolveServe(service, options)).toMatchObject({
      kind: 'service',
      compile: { program: 'tsc', cwd: '/p' },
      server: { program: 'node', args: ['--enable-source-maps', 'dist/server.js'], env },
    })
  })

  it.each([
    ['reloads', {}, true],
    ['reloads with one worker', { workers: '1' }, true],
    ['does not with --no-reload', { reload: false }, false],
    ['does not with several workers', { workers: '2' }, false],
  ])('%s', (_name, options, reloads) => {
    const serving = resolveServe(service, options)
    expect(serving.kind === 'service' && serving.watched.length > 0).toBe(reloads)
  })

  it('says that several workers do not reload, unless that was asked for', () => {
    expect(resolveServe(service, { workers: '2' }).notice).toMatch(/aren't reloaded/)
    expect(resolveServe(service, { workers: '2', reload: false }).notice).toBeUndefined()
  })
})

it.each([
  [{ port: 'abc' }, /--port: "abc"/],
  [{ port: '70000' }, /--port: "70000"/],
  [{ host: 'a b' }, /--host: "a b"/],
  [{ workers: '0' }, /--workers: "0"/],
  [{ workers: 'x' }, /--workers: "x"/],
])('refuses %j as wrong usage', (options, message) => {
  expect(() => resolveServe(service, options)).toThrow(message)
  expect(() => resolveServe(service, options)).toThrow(expect.objectContaining({ exitCode: 2 }))
})

describe('another project', () => {
  it.each([
    ['its script dev', { scripts: { dev: 'x', start: 'y' } }, {}, 'pnpm run dev'],
    ['start:dev', { scripts: { 'start:dev': 'x' } }, {}, 'pnpm run start:dev'],
    ['serve', { scripts: { serve: 'x' } }, {}, 'pnpm run serve'],
    [
      'start without reload',
      { scripts: { dev: 'x', start: 'y' } },
      { reload: false },
      'pnpm run start',
    ],
    [
      'no script that calls itself',
      { scripts: { dev: 'create-service dev serve', serve: 'x' } },
      {},
      'pnpm run serve',
    ],
    ['start where there is no other', { scripts: { start: 'y' } }, {}, 'pnpm run start'],
  ])('is served by %s', (_name, own, options, line) => {
    const serving = resolveServe(foreign(own), options)
    expect(serving.kind === 'foreign' && words(serving.command)).toBe(line)
  })

  it.each([
    ['JavaScript', 'server.js', {}, 'node --watch server.js'],
    ['JavaScript without reload', 'server.js', { reload: false }, 'node server.js'],
    ['TypeScript', 'src/server.ts', {}, 'tsx watch --clear-screen=false src/server.ts'],
    ['TypeScript without reload', 'src/server.ts', { reload: false }, 'tsx src/server.ts'],
  ])('is served from its source: %s', (_name, entry, options, line) => {
    const serving = resolveServe(foreign({ devDependencies: { tsx: '4' } }), options, () => [entry])
    expect(serving.kind === 'foreign' && words(serving.command)).toBe(line)
  })

  it('is not searched where a script says how', () => {
    const search = () => {
      throw new Error('searched')
    }
    const own = { scripts: { dev: 'x' } }
    expect(resolveServe(foreign(own), {}, search)).toMatchObject({ isManager: true })
  })

  it('may have tsx in any field', () => {
    const own = { peerDependencies: { tsx: '4' } }
    expect(resolveServe(foreign(own), {}, () => ['a.ts'])).toMatchObject({
      command: { program: 'tsx' },
    })
  })

  it('is told of port and host', () => {
    const own = { scripts: { dev: 'x' } }
    expect(resolveServe(foreign(own), { port: '9000', host: '::1' })).toMatchObject({
      command: { env: { PORT: '9000', HOST: '::1' } },
    })
  })

  it('has to say how it is started, and to have tsx for TypeScript', () => {
    expect(() => resolveServe(foreign({}))).toThrow(expect.objectContaining({ code: 'NO_TOOL' }))
    expect(() => resolveServe(foreign({}), {}, () => ['src/server.ts'])).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('pnpm add -D tsx') }),
    )
  })

  it('has no workers', () => {
    const own = { scripts: { dev: 'x' } }
    expect(() => resolveServe(foreign(own), { workers: '2' })).toThrow(/--workers/)
  })
})

function words({ program, args }: { readonly program: string; readonly args: readonly string[] }) {
  return [program, ...args].join(' ')
}
