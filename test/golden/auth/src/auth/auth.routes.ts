import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ConflictError, ForbiddenError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import {
  Account,
  Login,
  PasswordChange,
  Refresh,
  Registration,
  TokenPair,
  toAccount,
  toTokenPair,
} from './auth.schema.ts'
import { callerOf } from './caller.ts'
import { logIn } from './password-login.ts'
import type { Sessions } from './sessions.ts'

const tags = ['auth']
// By the address: whoever guesses could otherwise begin anew with each credential of their own.
const guesses = { limit: 10, window: 60, key: 'ip' } as const
const open = { access: 'public', rateLimit: guesses } as const
// Nobody guesses 256 random bits, and many people may share an address.
const refreshing = { access: 'public', rateLimit: 'standard' } as const
const user = { access: 'user', rateLimit: 'standard' } as const
const wrong = 'The current password is wrong.'
const guessing = { access: 'user', rateLimit: 'strict' } as const

/** Accounts and logins. `no-store` is on every answer that holds a token. */
const routes: FastifyPluginAsyncTypebox<{ sessions: Sessions }> = async (app, { sessions }) => {
  const { users, passwords } = app.auth

  if (app.config.auth.registrationEnabled) {
    app.post(
      '/register',
      {
        config: open,
        schema: {
          operationId: 'register',
          summary: 'Make an account',
          tags,
          body: Registration,
          response: { 201: Account, ...problems(409, 422, 503) },
        },
      },
      async (request, reply) => {
        const { email, password } = request.body
        const row = await users.create({ email, passwordHash: await passwords.hash(password) })
        reply.code(201).header('cache-control', 'no-store')
        return toAccount(row)
      },
    )
  }

  app.post(
    '/login',
    {
      config: open,
      schema: {
        operationId: 'login',
        summary: 'Exchange an e-mail address and a password for tokens',
        tags,
        body: Login,
        response: { 200: TokenPair, ...problems(401, 422, 503) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return toTokenPair(await logIn(app.auth, sessions, request.body))
    },
  )

  app.post(
    '/refresh',
    {
      config: refreshing,
      schema: {
        operationId: 'refresh',
        summary: 'Exchange a refresh token for new tokens; each is good once',
        tags,
        body: Refresh,
        response: { 200: TokenPair, ...problems(401, 422) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      return toTokenPair(await sessions.refresh(request.body.refreshToken, request.log))
    },
  )

  app.post(
    '/logout',
    {
      config: user,
      schema: {
        operationId: 'logout',
        summary: 'End this login, with all its tokens',
        tags,
        response: { 204: Type.Null(), ...problems(409) },
      },
    },
    async (request, reply) => {
      await sessions.end(sessionOf(request))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/logout-everywhere',
    {
      config: user,
      schema: {
        operationId: 'logoutEverywhere',
        summary: 'End all of your logins',
        tags,
        response: { 204: Type.Null(), ...problems(409) },
      },
    },
    async (request, reply) => {
      sessionOf(request)
      await sessions.endAll(callerOf(request).userId)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/password',
    {
      config: guessing,
      schema: {
        operationId: 'changePassword',
        summary: 'Change your password; your other logins end',
        tags,
        body: PasswordChange,
        response: { 204: Type.Null(), ...problems(403, 422, 503) },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = callerOf(request)
      const { currentPassword, newPassword } = request.body
      const row = await users.get(userId)
      const right = await passwords.verify(currentPassword, row?.passwordHash ?? null)
      if (row === undefined || !right) throw new ForbiddenError(wrong)
      const passwordHash = await passwords.hash(newPassword)
      // Somebody else may have changed it since.
      const changed = await sessions.changePassword(row, passwordHash, sessionId)
      if (!changed) throw new ForbiddenError(wrong)
      return reply.code(204).send(null)
    },
  )
}

/** The login of the caller. */
function sessionOf(request: FastifyRequest): string {
  const { sessionId } = callerOf(request)
  if (sessionId === undefined) {
    throw new ConflictError('This login is one of an identity provider: end it there.')
  }
  return sessionId
}

export default routes
