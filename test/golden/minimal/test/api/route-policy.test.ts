import Fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { afterEach, describe, expect, test } from 'vitest'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { addRouteHook, unguardedRoutes } from '../../src/http/route-policy.ts'
import { StartupError } from '../../src/startup-error.ts'
import { neededEnv } from '../support/environment.ts'
import { LogLines } from '../support/log.ts'

let app: FastifyInstance

afterEach(() => app.close())

describe('routes whose access nothing enforces', () => {
  const production = { NODE_ENV: 'production' }
  const guarded = { config: { access: { role: 'admin' } } } as const
  const guard = fp(async (instance) => {
    instance.addHook('onRoute', (route) => void instance.guardedRoutes.add(route))
  })

  /** The plugin by itself, so that nothing else guards routes. */
  async function start(env: Env, log = new LogLines()) {
    app = Fastify({ logger: { level: 'warn', stream: log } })
    app.decorate('config', loadConfig({ ...neededEnv, UNGUARDED_ROUTES: '', ...env }))
    await app.register(unguardedRoutes)
    app.get('/open', { config: { access: 'public' } }, async () => 'open')
  }

  test('keep production from starting, with a list of them and what to do', async () => {
    await start(production)
    for (let count = 1; count <= 12; count += 1) app.post(`/mine/${count}`, guarded, async () => '')
    const error = await app.ready().then(String, (reason: unknown) => reason)
    expect(error).toBeInstanceOf(StartupError)
    expect(String(error)).toMatch(/\n {2}POST \/mine\/1\n.*\/mine\/10\n {2}and 2 more\n/s)
    for (const way of ['add auth', '--public', 'UNGUARDED_ROUTES=allow']) {
      expect(String(error)).toContain(way)
    }
  })

  test('cause one warning in development', async () => {
    const log = new LogLines()
    await start({ NODE_ENV: 'development' }, log)
    app.get('/mine', guarded, async () => 'mine')
    app.get('/other', guarded, async () => 'other')
    expect((await app.inject('/mine')).statusCode).toBe(200)
    expect(log.lines).toHaveLength(1)
    expect(log.lines[0]?.msg).toContain('  GET /mine\n  GET /other\n')
  })

  test('are accepted with UNGUARDED_ROUTES=allow', async () => {
    const log = new LogLines()
    await start({ ...production, UNGUARDED_ROUTES: 'allow' }, log)
    app.get('/mine', guarded, async () => 'mine')
    expect((await app.inject('/mine')).statusCode).toBe(200)
    expect(log.lines).toEqual([])
  })

  test('include those that were registered before the guard, and no others', async () => {
    await start(production)
    app.get('/early', guarded, async () => 'early')
    await app.register(guard)
    app.get('/mine', guarded, async () => 'mine')
    await expect(app.ready()).rejects.toThrow(/:\n {2}GET \/early\nAdd/)
  })
})

test('a request meets the hooks of plugins in their order, then those of its route', async () => {
  app = Fastify()
  const met: string[] = []
  const meet = (name: string) => (_request: unknown, _reply: unknown, done: () => void) => {
    met.push(name)
    done()
  }
  for (const name of ['limit', 'access', 'cache']) {
    app.addHook('onRoute', (route) => addRouteHook(route, meet(name)))
  }
  app.get('/many', { onRequest: [meet('own'), meet('other')] }, async () => ({}))
  app.get('/one', { onRequest: meet('own') }, async () => ({}))

  await app.inject('/many')
  expect(met.splice(0)).toEqual(['limit', 'access', 'cache', 'own', 'other'])
  await app.inject({ method: 'HEAD', url: '/one' })
  expect(met.splice(0)).toEqual(['limit', 'access', 'cache', 'own'])
})
