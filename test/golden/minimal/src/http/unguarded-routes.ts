import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { StartupError } from '../startup-error.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The routes, as `onRoute` has them, whose callers are held to what the route declares. */
    guardedRoutes: WeakSet<RouteOptions>
  }
}

/** More than these help nobody. */
const named = 10

/**
 * Notices routes that declare who may call them while no plugin honours it, so that they stand open
 * to everyone: there is none, or they were there before it. UNGUARDED_ROUTES decides what happens.
 */
export const unguardedRoutes = fp(
  async (app) => {
    const { unguardedRoutes } = app.config.security
    const guarded = new WeakSet<RouteOptions>()
    app.decorate('guardedRoutes', guarded)
    if (unguardedRoutes === 'allow') return
    const declaring: RouteOptions[] = []

    app.addHook('onRoute', (route) => {
      const { access = 'public' } = route.config ?? {}
      if (access !== 'public' && route.method !== 'HEAD') declaring.push(route)
    })

    app.addHook('onReady', async () => {
      const open = declaring.filter((route) => !guarded.has(route))
      if (open.length === 0) return
      const message = explain(open.map(({ method, url }) => `${[method].flat()} ${url}`))
      if (unguardedRoutes === 'refuse') throw new StartupError(message)
      app.log.warn(message)
    })
  },
  { name: 'unguarded-routes' },
)

function explain(routes: readonly string[]): string {
  const more = routes.length > named ? [`and ${routes.length - named} more`] : []
  return [
    'These routes declare who may call them, and nothing in the service holds callers to it:',
    ...[...routes.slice(0, named), ...more].map((line) => `  ${line}`),
    'Add logins with `create-service add auth`. Take `access` out of routes that are for everyone',
    '(`generate resource --public` leaves it out). Or set UNGUARDED_ROUTES=allow, where something',
    'in front of the service decides who gets through.',
  ].join('\n')
}
