import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Sessions, Tokens } from '../../src/auth/sessions.ts'
import type { User } from '../../src/auth/user.model.ts'
import type { NewUser } from '../../src/auth/user.repository.ts'

/** An account, by default one that may do nothing in particular. */
export function newUser(app: FastifyInstance, values: NewUser = {}): Promise<User> {
  return app.auth.users.create(values)
}

/** The one of `newAccount`. */
export const password = 'correct horse battery'

let made = 0

/** An account with a password, and an address of its own. */
export async function newAccount(app: FastifyInstance, values: NewUser = {}) {
  made += 1
  const email = `user-${made}@example.com`
  const passwordHash = await app.auth.passwords.hash(password)
  return { ...(await newUser(app, { email, passwordHash, ...values })), email }
}

/** The logins of the service. */
export function sessionsOf(app: FastifyInstance): Sessions {
  if (app.auth.local === undefined) throw new Error('The service signs no tokens.')
  return app.auth.local.sessions
}

/** The tokens of a new login. */
export async function loginOf(app: FastifyInstance, user: User): Promise<Tokens> {
  const tokens = await sessionsOf(app).begin(user)
  if (tokens === undefined) throw new Error('The account has changed since it was read.')
  return tokens
}

/** A good access token of the user. */
export async function tokenFor(app: FastifyInstance, user: User): Promise<string> {
  return (await loginOf(app, user)).accessToken
}

/** Runs `work` while no login of anybody can be removed. */
export async function withStuckLogins<T>(app: FastifyInstance, work: () => Promise<T>): Promise<T> {
  await app.db.execute(`CREATE FUNCTION auth_stuck() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$`)
  await app.db.execute(`CREATE TRIGGER auth_stuck BEFORE DELETE ON auth_sessions
    FOR EACH STATEMENT EXECUTE FUNCTION auth_stuck()`)
  try {
    return await work()
  } finally {
    await app.db.execute('DROP FUNCTION auth_stuck CASCADE')
  }
}

/** Asks who the bearer of a token is, which every known caller may. */
export function me(app: FastifyInstance, token: string): Promise<LightMyRequestResponse> {
  return app.inject({ url: '/api/v1/auth/me', headers: { authorization: `Bearer ${token}` } })
}

/** Sends JSON below `/api/v1/auth`. */
export function post(
  app: FastifyInstance,
  path: string,
  payload?: object,
  token?: string,
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url: `/api/v1/auth${path}`,
    ...(payload && { payload }),
    ...(token && { headers: { authorization: `Bearer ${token}` } }),
  })
}
