import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyContextConfig, FastifyRequest, FastifySchema } from 'fastify'
import { type TProperties, type TSchemaOptions, Type } from 'typebox'
import { nullable, timestamp, uuid } from '../db/json-types.ts'
import { listQuery, pageLinks, pageOf } from '../db/list.ts'
import { ConflictError, NotFoundError } from '../http/app-error.ts'
import { userTypeOf } from '../http/metering.ts'
import { problems } from '../http/problem.ts'
import { businessMetrics } from '../observability/business.ts'
import type { User } from './auth.model.ts'
import { callerOf } from './authenticator.ts'
import { counted } from './metrics.ts'
import { passwordLength } from './passwords.ts'
import { normalizeEmail } from './users.ts'

/** An object without further members. */
const closed = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })
const dataOf = <P extends TProperties>(properties: P) =>
  Type.Object({ data: Type.Array(Type.Object(properties)) })
const name = Type.String({ minLength: 1, maxLength: 100 })
const names = (options?: TSchemaOptions) =>
  Type.Array(name, { maxItems: 100, uniqueItems: true, ...options })
const moment = Type.Unsafe<Date>(timestamp())
// One @ and a dot in the domain: only a message to it can tell whether an address is real.
// No two neighbouring parts match the same character, so no text makes it slow, however long.
const email = Type.String({
  pattern: '^\\s*[^\\s@]+@[^\\s@.]+(?:\\.[^\\s@.]+)+\\s*$',
  maxLength: 254,
  examples: ['ada@example.com'],
})
const newPassword = Type.String({ ...passwordLength })
const anyPassword = Type.String({ maxLength: passwordLength.maxLength })
const refreshToken = Type.String({ maxLength: 200 })

// Responses list what is sent: the rows also hold hashes.
const Account = Type.Object({
  id: uuid(),
  email: nullable(Type.String()),
  issuer: nullable(Type.String({ description: 'The identity provider of the user, if any.' })),
  subject: nullable(Type.String()),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
  tier: Type.String(),
  active: Type.Boolean(),
  createdAt: moment,
})
const apiKey = {
  id: uuid(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  expiresAt: moment,
  lastUsedAt: nullable(moment),
  createdAt: moment,
}
const IssuedApiKey = Type.Object({
  ...apiKey,
  key: Type.String({ description: 'For the header X-API-Key. It is not shown again.' }),
})
const session = {
  id: uuid(),
  current: Type.Boolean({ description: 'Whether it is the session of this request.' }),
  userAgent: nullable(Type.String({ description: 'The client that logged in.' })),
  createdAt: moment,
  lastUsedAt: moment,
  expiresAt: moment,
}
const TokenPair = Type.Object({
  accessToken: Type.String({ description: 'For `Authorization: Bearer`.' }),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Lifetime of the access token, in seconds.' }),
  refreshToken: Type.String({ description: 'Exchange it for the next pair; it works once.' }),
})

/** The options of a route, with what the documentation says of it. */
const operation = <S extends FastifySchema>(
  config: FastifyContextConfig,
  tag: string,
  operationId: string,
  summary: string,
  schema: S,
) => ({ config, schema: { tags: [tag], operationId, summary, ...schema } })

const known = { access: 'authenticated', rateLimit: 'standard' } as const
// A key that could create keys would outlive its own end.
const user = { access: 'user', rateLimit: 'standard' } as const
const sensitive = { access: 'user', rateLimit: 'strict' } as const
const operator = { access: { role: 'admin' }, rateLimit: 'standard' } as const
// By address: otherwise each guess could come with other credentials, and count by itself.
const guessing = { access: 'public', rateLimit: { limit: 10, window: 60, key: 'ip' } } as const
// Nobody guesses 256 random bits, and many people may share an address.
const anyone = { access: 'public', rateLimit: 'standard' } as const

const byId = { params: Type.Object({ id: uuid() }) }
const noContent = { 204: Type.Null() }
const removal = { ...byId, response: { ...noContent, ...problems(404, 422) } }
const account = { 200: Account, ...problems(404, 422) }
const tokenPair = { 200: TokenPair, ...problems(401, 422) }

const getMe = operation(known, 'auth', 'getMe', 'Get your account', { response: account })
const listKeys = operation(user, 'api keys', 'listApiKeys', 'List your API keys', {
  response: { 200: dataOf(apiKey) },
})
const createKey = operation(sensitive, 'api keys', 'createApiKey', 'Create an API key', {
  body: closed({
    name,
    scopes: names({ default: [], description: 'Those of your permissions that the key has too.' }),
    expiresInDays: Type.Integer({ minimum: 1, maximum: 365, default: 90 }),
  }),
  response: { 201: IssuedApiKey, ...problems(403, 409, 422) },
})
const rotateKey = operation(sensitive, 'api keys', 'rotateApiKey', 'Replace an API key', {
  description: 'The previous key stays valid for a day.',
  ...byId,
  response: { 200: IssuedApiKey, ...problems(404, 422) },
})
const revokeKey = operation(user, 'api keys', 'revokeApiKey', 'Revoke an API key', removal)
const listUsers = operation(operator, 'accounts', 'listAuthUsers', 'List accounts', {
  querystring: closed({ ...listQuery(['id']), email: Type.Optional(Type.String()) }),
  response: { 200: pageOf(Account), ...problems(422) },
})
const updateUser = operation(operator, 'accounts', 'updateAuthUser', 'Change an account', {
  description: 'Deactivating it ends its sessions and API keys at once.',
  ...byId,
  body: Type.Partial(
    closed({ active: Type.Boolean(), roles: names(), permissions: names(), tier: name }),
    { additionalProperties: false, minProperties: 1 },
  ),
  response: { ...account, ...problems(409) },
})

const register = operation(guessing, 'auth', 'register', 'Create an account', {
  body: closed({ email, password: newPassword }),
  response: { 201: Account, ...problems(409, 422, 503) },
})
const login = operation(guessing, 'auth', 'login', 'Log in with an e-mail address and a password', {
  body: closed({ email: Type.String({ maxLength: 254 }), password: anyPassword }),
  response: { ...tokenPair, ...problems(429, 503) },
})
const refresh = operation(anyone, 'auth', 'refresh', 'Exchange a refresh token for new tokens', {
  body: closed({ refreshToken }),
  response: tokenPair,
})
const logout = operation(anyone, 'auth', 'logout', 'Log out', {
  description: 'Ends the session of the refresh token, or else that of the access token.',
  security: [{ bearer: [] }, {}],
  body: nullable(closed({ refreshToken: Type.Optional(refreshToken) })),
  response: { ...noContent, ...problems(401, 409, 422) },
})
const changePassword = operation(sensitive, 'auth', 'changePassword', 'Change your password', {
  description: 'Ends your other sessions.',
  body: closed({ currentPassword: anyPassword, newPassword }),
  response: { ...noContent, ...problems(403, 422, 429, 503) },
})
const listSessions = operation(user, 'auth', 'listSessions', 'List your sessions', {
  response: { 200: dataOf(session) },
})
const endSession = operation(user, 'auth', 'revokeSession', 'End one of your sessions', removal)

/** Accounts, API keys, logins and sessions. Responses with tokens are `no-store`. */
export const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { attempts, cache, identify, keys, metrics, passwords, sessions, users } = app.auth
  const { actions, usage } = app.metrics.of(businessMetrics)
  const acted = (request: FastifyRequest, action_type: string) =>
    actions.with({ action_type, user_type: userTypeOf(request) }).inc()

  app.get('/auth/me', getMe, async (request) => {
    const { userId, roles, permissions } = callerOf(request)
    const account = toAccount(await users.get(userId))
    // The rights of this request: an API key has fewer than its user.
    return { ...account, roles: [...roles], permissions: [...permissions] }
  })

  app.get('/api-keys', listKeys, async (request) => ({
    data: await keys.list(callerOf(request).userId),
  }))

  app.post('/api-keys', createKey, (request, reply) => {
    usage.with({ feature_name: 'api_keys', user_type: userTypeOf(request) }).inc()
    reply.code(201)
    return keys.create(callerOf(request).userId, request.body)
  })

  app.post('/api-keys/:id/rotate', rotateKey, (request) =>
    keys.rotate(callerOf(request).userId, request.params.id),
  )

  app.delete('/api-keys/:id', revokeKey, async (request, reply) => {
    await keys.revoke(callerOf(request).userId, request.params.id)
    return reply.code(204).send(null)
  })

  app.get('/auth/users', listUsers, async (request, reply) => {
    const { rows, ...page } = await users.list(request.query)
    reply.header('link', pageLinks(request.url, page.next))
    return { data: rows.map(toAccount), page }
  })

  app.patch('/auth/users/:id', updateUser, async (request) => {
    const { id } = request.params
    const { active, ...values } = request.body
    if (values.roles && id === callerOf(request).userId) {
      throw new ConflictError("You can't change your own roles. Ask another admin.")
    }
    const disabled = active === undefined ? {} : { disabledAt: active ? null : new Date() }
    const row = await users.update(id, { ...values, ...disabled })
    cache.forget(({ userId }) => userId === id)
    return toAccount(row)
  })

  // All other tokens come from an identity provider.
  if (sessions === undefined) return

  if (app.config.auth.registrationEnabled) {
    app.post('/auth/register', register, async (request, reply) => {
      const { email, password } = request.body
      const account = await users.create({ email, passwordHash: await passwords.hash(password) })
      metrics.registrations.with({ source: 'registration' }).inc()
      acted(request, 'register')
      reply.code(201).header('cache-control', 'no-store')
      return toAccount(account)
    })
  }

  app.post('/auth/login', login, async (request, reply) => {
    const { body, ip, headers } = request
    const account = normalizeEmail(body.email)
    const tokens = await counted(metrics, 'password', async () => {
      attempts.begin(account, ip)
      return sessions.logIn(account, body.password, headers['user-agent'])
    })
    attempts.succeed(account, ip)
    acted(request, 'log_in')
    reply.header('cache-control', 'no-store')
    return tokens
  })

  app.post('/auth/refresh', refresh, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const exchange = () => sessions.refresh(request.body.refreshToken, request.log)
    return counted(metrics, 'refresh_token', exchange)
  })

  app.post('/auth/logout', logout, async (request, reply) => {
    const { refreshToken } = request.body ?? {}
    if (refreshToken !== undefined) await sessions.endByRefreshToken(refreshToken)
    else {
      await new Promise<void>((resolve) => identify(request, resolve))
      const { sessionId } = callerOf(request)
      if (!sessionId) throw new ConflictError('This credential has no session here.')
      await sessions.end(sessionId)
    }
    acted(request, 'log_out')
    return reply.code(204).send(null)
  })

  app.post('/auth/password', changePassword, async (request, reply) => {
    const { userId, sessionId } = callerOf(request)
    const { currentPassword, newPassword } = request.body
    await counted(metrics, 'password', async () => {
      attempts.begin(userId, request.ip)
      await sessions.changePassword(userId, currentPassword, newPassword, sessionId)
    })
    attempts.succeed(userId, request.ip)
    acted(request, 'change_password')
    return reply.code(204).send(null)
  })

  app.get('/auth/sessions', listSessions, async (request) => {
    const { userId, sessionId } = callerOf(request)
    const rows = await sessions.list(userId)
    return { data: rows.map((row) => ({ ...row, current: row.id === sessionId })) }
  })

  app.delete('/auth/sessions/:id', endSession, async (request, reply) => {
    const ended = await sessions.end(request.params.id, callerOf(request).userId)
    if (ended === undefined) throw new NotFoundError('Session not found.')
    return reply.code(204).send(null)
  })
}

/** @throws {NotFoundError} when there is no such account */
function toAccount(row: User | undefined) {
  if (row === undefined) throw new NotFoundError('Account not found.')
  return { ...row, active: row.disabledAt === null }
}
