import users from './users.js'

export default async function routes(app: FastifyInstance) {
  // The routes.
  await app.register(users)
}
