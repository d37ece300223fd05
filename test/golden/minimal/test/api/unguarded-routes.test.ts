import Fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { afterEach, expect, test } from 'vitest'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { unguardedRoutes } from '../../src/http/unguarded-routes.ts'
import { StartupError } from '../../src/startup-error.ts'
import { neededEnv } from '../support/environment.ts'
import { LogLines } from '../support/log.ts'

let app: FastifyInstance

afterEach(() => app.close())

/** The plugin by itself, so that nothing else guards anything. */
async function start(env: Env, log = new LogLines()) {
  app = Fastify({ logger: { level: 'warn', stream: log } })
  app.decorate('config', loadConfig({ ...neededEnv, UNGUARDED_ROUTES: '', ...env }))
  await app.register(unguardedRoutes)
  app.get('/open', { config: { access: 'public' } }, async () => 'open')
  return app
}

const production = { NODE_ENV: 'production' }
const guard = fp(async (instance) => {
  instance.addHook('onRoute', (route) => void instance.guardedRoutes.add(route))
})
const closed = { config: { access: { role: 'admin' } } } as const

test('in production it does not start, and says which routes and what to do', async () => {
  await start(production)
  app.delete('/mine', closed, async () => 'mine')
  const error = await app.ready().then(String, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(StartupError)
  expect(String(error)).toContain('\n  DELETE /mine\n')
  for (const way of ['add auth', '--public', 'UNGUARDED_ROUTES=allow']) {
    expect(String(error)).toContain(way)
  }
})

test('many routes are counted', async () => {
  await start(production)
  for (let count = 1; count <= 12; count += 1) app.post(`/mine/${count}`, closed, async () => '')
  await expect(app.ready()).rejects.toThrow(/\/mine\/10\n {2}and 2 more\n/)
})

test('in development there is one warning', async () => {
  const log = new LogLines()
  await start({ NODE_ENV: 'development' }, log)
  app.get('/mine', closed, async () => 'mine')
  app.get('/other', closed, async () => 'other')
  expect((await app.inject('/mine')).statusCode).toBe(200)
  expect(log.lines).toHaveLength(1)
  expect(log.lines[0]?.msg).toContain('  GET /mine\n  GET /other\n')
})

test('UNGUARDED_ROUTES=allow leaves it to what is in front of the service', async () => {
  const log = new LogLines()
  await start({ ...production, UNGUARDED_ROUTES: 'allow' }, log)
  app.get('/mine', closed, async () => 'mine')
  expect((await app.inject('/mine')).statusCode).toBe(200)
  expect(log.lines).toEqual([])
})

test('what is public, or guarded, is no matter', async () => {
  await start(production)
  expect((await app.inject('/open')).statusCode).toBe(200)
  await app.close()
  await start(production)
  await app.register(guard)
  app.get('/mine', closed, async () => 'mine')
  expect((await app.inject('/mine')).statusCode).toBe(200)
})

test('what was there before the guard is not guarded', async () => {
  await start(production)
  app.get('/early', closed, async () => 'early')
  await app.register(guard)
  app.get('/mine', closed, async () => 'mine')
  await expect(app.ready()).rejects.toThrow(/:\n {2}GET \/early\nAdd/)
})
