export { access } from './access.ts'
export { authRoutes } from './auth-plugins-routes.ts'
export { identify } from './identify.ts'
