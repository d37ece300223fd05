import users from './users.js'

export default async function routes(app: FastifyInstance) {
  await app.register(u)
  // The routes.
  await app.register(users)
}
