import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { addRouteHook } from '../../src/http/route-policy.ts'

test('a request meets the plugins in their order, then what the route declares', async () => {
  const app = Fastify()
  const met: string[] = []
  const meet = (name: string) => (_request: unknown, _reply: unknown, done: () => void) => {
    met.push(name)
    done()
  }
  for (const name of ['limit', 'access', 'cache']) {
    app.addHook('onRoute', (route) => addRouteHook(route, meet(name)))
  }
  app.get('/one', { onRequest: meet('own') }, async () => ({}))
  app.get('/many', { onRequest: [meet('own'), meet('other')] }, async () => ({}))
  app.get('/none', async () => ({}))

  await app.inject('/one')
  expect(met.splice(0)).toEqual(['limit', 'access', 'cache', 'own'])
  await app.inject('/many')
  expect(met.splice(0)).toEqual(['limit', 'access', 'cache', 'own', 'other'])
  await app.inject('/none')
  expect(met.splice(0)).toEqual(['limit', 'access', 'cache'])
  await app.inject({ method: 'HEAD', url: '/none' })
  expect(met.splice(0)).toEqual(['limit', 'access', 'cache'])
})
