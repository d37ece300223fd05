export { addressLimit } from './address-limit.ts'
export { rateLimitRoutes } from './plugin-routes.ts'
export { routeLimit } from './route-limit.ts'
