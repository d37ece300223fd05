import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { nullable, timestamp, uuid } from '../db/json-types.ts'
import { ConflictError, ForbiddenError, NotFoundError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import type { Identity } from '../http/route-policy.ts'
import { Account, closed, operation, toAccount } from './account.routes.ts'
import { callerOf } from './authenticator.ts'
import { passwordLength } from './passwords.ts'
import { logIn, type Sessions } from './sessions.ts'
import { normalizeEmail } from './users.ts'

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
const moment = Type.Unsafe<Date>(timestamp())

const TokenPair = Type.Object({
  accessToken: Type.String({ description: 'For `Authorization: Bearer`.' }),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Lifetime of the access token, in seconds.' }),
  refreshToken: Type.String({ description: 'Exchange it for the next pair; it works once.' }),
})
const Session = Type.Object({
  id: uuid(),
  current: Type.Boolean({ description: 'Whether it is the session of this request.' }),
  userAgent: nullable(Type.String({ description: 'The client that logged in.' })),
  createdAt: moment,
  lastUsedAt: moment,
  expiresAt: moment,
})

// By address: otherwise each guess could come with other credentials, and count by itself.
const guessing = { access: 'public', rateLimit: { limit: 10, window: 60, key: 'ip' } } as const
// Nobody guesses 256 random bits, and many people may share an address.
const anyone = { access: 'public', rateLimit: 'standard' } as const
const user = { access: 'user', rateLimit: 'standard' } as const
const sensitive = { access: 'user', rateLimit: 'strict' } as const

const tokenPair = { 200: TokenPair, ...problems(401, 422) }
const noContent = { 204: Type.Null() }
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
  body: closed({ refreshToken: Type.Optional(refreshToken) }),
  response: { ...noContent, ...problems(401, 409, 422) },
})
const logoutEverywhere = operation(user, 'auth', 'logoutEverywhere', 'End all of your sessions', {
  response: { ...noContent, ...problems(409) },
})
const changePassword = operation(sensitive, 'auth', 'changePassword', 'Change your password', {
  description: 'Ends your other sessions.',
  body: closed({ currentPassword: anyPassword, newPassword }),
  response: { ...noContent, ...problems(403, 422, 429, 503) },
})
const listSessions = operation(user, 'auth', 'listSessions', 'List your sessions', {
  response: { 200: Type.Object({ data: Type.Array(Session) }) },
})
const revokeSession = operation(user, 'auth', 'revokeSession', 'End one of your sessions', {
  params: Type.Object({ id: uuid() }),
  response: { ...noContent, ...problems(404, 422) },
})

/** Logins and sessions. Responses with tokens are `no-store`. */
export const loginRoutes: FastifyPluginAsyncTypebox<{ sessions: Sessions }> = async (
  app,
  { sessions },
) => {
  const { users, passwords, attempts, identify } = app.auth

  if (app.config.auth.registrationEnabled) {
    app.post('/register', register, async ({ body }, reply) => {
      const passwordHash = await passwords.hash(body.password)
      reply.code(201).header('cache-control', 'no-store')
      return toAccount(await users.create({ email: body.email, passwordHash }))
    })
  }

  app.post('/login', login, async (request, reply) => {
    const { body, ip, headers } = request
    const account = normalizeEmail(body.email)
    attempts.begin(account, ip)
    const tokens = await logIn(app.auth, sessions, body, headers['user-agent'])
    attempts.succeed(account, ip)
    reply.header('cache-control', 'no-store')
    return tokens
  })

  app.post('/refresh', refresh, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    return sessions.refresh(request.body.refreshToken, request.log)
  })

  app.post('/logout', { ...logout, preValidation: allowEmptyBody }, async (request, reply) => {
    const { refreshToken } = request.body
    if (refreshToken !== undefined) await sessions.endByRefreshToken(refreshToken)
    else {
      await new Promise<void>((resolve) => identify(request, resolve))
      await sessions.end(sessionOf(callerOf(request)))
    }
    return reply.code(204).send(null)
  })

  app.post('/logout-everywhere', logoutEverywhere, async (request, reply) => {
    const caller = callerOf(request)
    sessionOf(caller)
    await sessions.endAll(caller.userId)
    return reply.code(204).send(null)
  })

  app.post('/password', changePassword, async (request, reply) => {
    const { userId, sessionId } = callerOf(request)
    const { currentPassword, newPassword } = request.body
    attempts.begin(userId, request.ip)
    const row = await users.get(userId)
    const matches = await passwords.verify(currentPassword, row?.passwordHash ?? null)
    const passwordHash = row && matches && (await passwords.hash(newPassword))
    const changed = passwordHash && (await sessions.changePassword(row, passwordHash, sessionId))
    if (!changed) throw new ForbiddenError('The current password is wrong.')
    attempts.succeed(userId, request.ip)
    return reply.code(204).send(null)
  })

  app.get('/sessions', listSessions, async (request) => {
    const { userId, sessionId } = callerOf(request)
    const rows = await sessions.list(userId)
    return { data: rows.map((row) => ({ ...row, current: row.id === sessionId })) }
  })

  app.delete('/sessions/:id', revokeSession, async (request, reply) => {
    const ended = await sessions.end(request.params.id, callerOf(request).userId)
    if (ended === undefined) throw new NotFoundError('Session not found.')
    return reply.code(204).send(null)
  })
}

async function allowEmptyBody(request: FastifyRequest): Promise<void> {
  request.body ??= {}
}

function sessionOf({ sessionId }: Identity): string {
  if (sessionId !== undefined) return sessionId
  throw new ConflictError('This credential has no session here. End it where it was issued.')
}
