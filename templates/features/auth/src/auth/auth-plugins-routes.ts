import fp from 'fastify-plugin'
import accountRoutes from './account.routes.ts'
import apiKeyRoutes from './api-key.routes.ts'
import loginRoutes from './auth.routes.ts'
import jwksRoutes from './jwks.routes.ts'

/** Logins, accounts and API keys below `API_PREFIX`; without keys of its own the service has no logins. */
export const authRoutes = fp(
  async (app) => {
    const { apiPrefix } = app.config.server
    const { local } = app.auth
    await app.register(accountRoutes, { prefix: `${apiPrefix}/auth` })
    await app.register(apiKeyRoutes, { prefix: `${apiPrefix}/api-keys` })
    if (local === undefined) return
    const { sessions, jwks } = local
    await app.register(loginRoutes, { prefix: `${apiPrefix}/auth`, sessions })
    if (jwks.keys.length > 0) await app.register(jwksRoutes, { jwks })
  },
  { name: 'auth-routes', dependencies: ['access'] },
)
