import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { User } from '../../src/auth/auth.model.ts'
import type { NewUser } from '../../src/auth/users.ts'

type Response = Promise<LightMyRequestResponse>

export const password = 'correct horse battery'

/** Creates an account without a password, by default an ordinary one. */
export function newUser(app: FastifyInstance, values: NewUser = {}): Promise<User> {
  return app.auth.users.create(values)
}

let accounts = 0

/** Creates an account that logs in with `password`. */
export async function newAccount(app: FastifyInstance, values: NewUser = {}) {
  accounts += 1
  const email = `user-${accounts}@example.com`
  const passwordHash = await app.auth.passwords.hash(password)
  return { ...(await newUser(app, { email, passwordHash, ...values })), email }
}

/** Begins a session, without a password. */
export async function loginOf(app: FastifyInstance, user: User) {
  const tokens = await app.auth.sessions?.begin(user)
  if (tokens === undefined) throw new Error('The account has changed since it was read.')
  return tokens
}

/** The headers of a user who has logged in. */
export async function loggedIn(app: FastifyInstance, user: User) {
  return { authorization: `Bearer ${(await loginOf(app, user)).accessToken}` }
}

/** The headers of a new API key of the user. */
export async function keyOf(app: FastifyInstance, { id }: User, scopes: string[] = []) {
  const { key } = await app.auth.keys.create(id, { name: 'robot', scopes, expiresInDays: 1 })
  return { 'x-api-key': key }
}

/** Calls a path below `/api/v1`. */
export function call(
  app: FastifyInstance,
  method: InjectOptions['method'] & string,
  path: string,
  headers: Record<string, string> = {},
  payload?: object,
): Response {
  return app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
}

/** Posts JSON below `/api/v1/auth`. */
export function post(
  app: FastifyInstance,
  path: string,
  payload?: object,
  accessToken?: string,
): Response {
  const headers = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }
  return call(app, 'POST', `/auth${path}`, headers, payload)
}

/** Asks for the account of an access token, which every known caller may. */
export function me(app: FastifyInstance, accessToken: string): Response {
  return call(app, 'GET', '/auth/me', { authorization: `Bearer ${accessToken}` })
}
