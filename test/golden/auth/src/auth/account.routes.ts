import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyContextConfig, FastifySchema } from 'fastify'
import { type TProperties, Type } from 'typebox'
import { nullable, timestamp, uuid } from '../db/json-types.ts'
import { listQuery, pageLinks, pageOf } from '../db/list.ts'
import { ConflictError, NotFoundError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import type { User } from './auth.model.ts'
import { callerOf } from './authenticator.ts'

/** An object without further members. */
export const closed = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const params = Type.Object({ id: uuid() })
const name = Type.String({ minLength: 1, maxLength: 100 })
const names = { maxItems: 100, uniqueItems: true } as const
const moment = Type.Unsafe<Date>(timestamp())

// These say what is sent: the rows also hold hashes.
export const Account = Type.Object({
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
const ApiKey = Type.Object({
  id: uuid(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  expiresAt: moment,
  lastUsedAt: nullable(moment),
  createdAt: moment,
})
const IssuedApiKey = Type.Object({
  ...ApiKey.properties,
  key: Type.String({ description: 'For the header X-API-Key. It is not shown again.' }),
})
const AccountChange = Type.Object(
  {
    active: Type.Optional(
      Type.Boolean({ description: 'False ends its sessions and API keys at once.' }),
    ),
    roles: Type.Optional(Type.Array(name, names)),
    permissions: Type.Optional(Type.Array(name, names)),
    tier: Type.Optional(name),
  },
  { additionalProperties: false, minProperties: 1 },
)

/** The options of a route, with what the documentation says of it. */
export const operation = <S extends FastifySchema>(
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

const account = { 200: Account, ...problems(404, 422) }
const getMe = operation(known, 'auth', 'getMe', 'Get your account', { response: account })
const listKeys = operation(user, 'api keys', 'listApiKeys', 'List your API keys', {
  response: { 200: Type.Object({ data: Type.Array(ApiKey) }) },
})
const createKey = operation(sensitive, 'api keys', 'createApiKey', 'Create an API key', {
  body: closed({
    name,
    scopes: Type.Array(name, {
      ...names,
      default: [],
      description: 'Those of your permissions that the key has too.',
    }),
    expiresInDays: Type.Integer({ minimum: 1, maximum: 365, default: 90 }),
  }),
  response: { 201: IssuedApiKey, ...problems(403, 409, 422) },
})
const rotateKey = operation(sensitive, 'api keys', 'rotateApiKey', 'Replace an API key', {
  description: 'The previous key stays valid for a day.',
  params,
  response: { 200: IssuedApiKey, ...problems(404, 422) },
})
const revokeKey = operation(user, 'api keys', 'revokeApiKey', 'Revoke an API key', {
  params,
  response: { 204: Type.Null(), ...problems(404, 422) },
})
const listUsers = operation(operator, 'accounts', 'listAuthUsers', 'List accounts', {
  querystring: closed({ ...listQuery(['id']), email: Type.Optional(Type.String()) }),
  response: { 200: pageOf(Account), ...problems(422) },
})
const getUser = operation(operator, 'accounts', 'getAuthUser', 'Get an account', {
  params,
  response: account,
})
const updateUser = operation(operator, 'accounts', 'updateAuthUser', 'Change an account', {
  description: 'Activates or deactivates it, or changes what it may do.',
  params,
  body: AccountChange,
  response: { ...account, ...problems(409) },
})

/** The caller's account and API keys, and all accounts for operators. */
export const accountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { cache, keys, users } = app.auth

  app.get('/auth/me', getMe, async (request) => {
    const { userId, roles, permissions } = callerOf(request)
    const account = toAccount(await users.get(userId))
    // The rights of this request: an API key has fewer than its user.
    return { ...account, roles: [...roles], permissions: [...permissions] }
  })

  app.get('/api-keys', listKeys, async (request) => ({
    data: await keys.list(callerOf(request).userId),
  }))

  app.post('/api-keys', createKey, async (request, reply) => {
    const { name, scopes, expiresInDays: days } = request.body
    reply.code(201)
    return keys.create(callerOf(request).userId, { name, scopes, days })
  })

  app.post('/api-keys/:id/rotate', rotateKey, async (request) => {
    const issued = await keys.rotate(callerOf(request).userId, request.params.id)
    if (issued === undefined) throw new NotFoundError('API key not found, or expired.')
    return issued
  })

  app.delete('/api-keys/:id', revokeKey, async (request, reply) => {
    const revoked = await keys.revoke(callerOf(request).userId, request.params.id)
    if (!revoked) throw new NotFoundError('API key not found.')
    return reply.code(204).send(null)
  })

  app.get('/auth/users', listUsers, async (request, reply) => {
    const { rows, ...page } = await users.list(request.query)
    reply.header('link', pageLinks(request.url, page.next))
    return { data: rows.map(toAccount), page }
  })

  app.get('/auth/users/:id', getUser, async ({ params }) => toAccount(await users.get(params.id)))

  app.patch('/auth/users/:id', updateUser, async (request) => {
    const { id } = request.params
    const { active, ...values } = request.body
    if (values.roles && id === callerOf(request).userId) {
      throw new ConflictError("You can't change your own roles. Ask another admin.")
    }
    const disabled = active === undefined ? {} : { disabledAt: active ? null : new Date() }
    const row = await users.updateUnlessLastAdmin(id, { ...values, ...disabled })
    cache.forget(({ userId }) => userId === id)
    return toAccount(row)
  })
}

/** @throws {NotFoundError} when there is no such account */
export function toAccount(row: User | undefined) {
  if (row === undefined) throw new NotFoundError('Account not found.')
  return { ...row, active: row.disabledAt === null }
}
