import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, onRouteHookHandler } from 'fastify'
import type { Overrides } from '../../src/app.ts'
import type { Env } from '../../src/config/index.ts'
import type { Access } from '../../src/http/route-policy.ts'
import { testApp } from './app.ts'
import { everyRouteEnv } from './environment.ts'

/** A method and a URL that its route answers, with something in the place of each parameter. */
export interface Endpoint {
  method: string
  url: string
  /** Who may call it, if its route says so. */
  access?: Access
}

/** The service, and every route that it has, hidden ones too. */
export async function testAppWithRoutes(
  env: Env = {},
  overrides: Overrides = {},
): Promise<{ app: FastifyInstance; endpoints: readonly Endpoint[] }> {
  const endpoints: Endpoint[] = []
  const app = await withRouteHook(
    ({ method, url, config }) => {
      const filled = url.replaceAll(/:\w+|\*/g, 'x')
      const access = config?.access && { access: config.access }
      for (const each of [method].flat()) endpoints.push({ method: each, url: filled, ...access })
    },
    async () => {
      const made = await testApp({ ...everyRouteEnv, ...env }, overrides)
      await made.ready()
      return made
    },
  )
  return { app, endpoints }
}

/** Calls `hook` for every route of an app that is made meanwhile, also for those of its plugins. */
export async function withRouteHook<App>(
  hook: onRouteHookHandler,
  make: () => Promise<App>,
): Promise<App> {
  const watch = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', hook)
  }
  subscribe('fastify.initialization', watch)
  try {
    return await make()
  } finally {
    unsubscribe('fastify.initialization', watch)
  }
}
