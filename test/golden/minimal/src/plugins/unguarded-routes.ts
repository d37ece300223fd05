import fp from 'fastify-plugin'
import { StartupError } from '../errors/startup-error.ts'

/** More than these help nobody. */
const named = 10

/**
 * Notices routes that declare who may call them while no plugin honours it, so that they stand open
 * to everyone. UNGUARDED_ROUTES decides what happens then.
 */
export default fp(
  async (app) => {
    const { unguardedRoutes } = app.config.security
    if (unguardedRoutes === 'allow') return
    const routes: string[] = []

    app.addHook('onRoute', ({ method, url, config }) => {
      const { access = 'public' } = config ?? {}
      if (access !== 'public' && method !== 'HEAD') routes.push(`${[method].flat()} ${url}`)
    })

    app.addHook('onReady', async () => {
      if (routes.length === 0 || app.hasPlugin('access')) return
      const message = explain(routes)
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
