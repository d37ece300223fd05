import fp from 'fastify-plugin'

/** The cache of the service, `app.cache`. */
export const cache = fp(async () => {}, { name: 'cache', dependencies: ['redis'] })

/** Honours the `cache` of routes. */
export const routeCache = fp(async () => {}, { name: 'route-cache', dependencies: ['cache'] })
