import type { FastifyInstance } from 'fastify'
import type { User } from '../../src/auth/user.model.ts'
import type { NewUser } from '../../src/auth/user.repository.ts'

/** An account, by default one that may do nothing in particular. */
export function newUser(app: FastifyInstance, values: NewUser = {}): Promise<User> {
  return app.auth.users.create(values)
}

/** The tokens of a new login. */
export async function loginOf(app: FastifyInstance, user: User) {
  if (app.auth.local === undefined) throw new Error('The service signs no tokens.')
  return app.auth.local.sessions.begin(user)
}

/** A good access token of the user. */
export async function tokenFor(app: FastifyInstance, user: User): Promise<string> {
  return (await loginOf(app, user)).accessToken
}
