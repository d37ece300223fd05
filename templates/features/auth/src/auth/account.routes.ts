import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type TProperties, Type } from 'typebox'
import { nullable, timestamp, uuid } from '../db/json-types.ts'
import { pageLinks } from '../db/list-links.ts'
import { listQuery, pageOf } from '../db/list-query.ts'
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

const about = (tag: string, operationId: string, summary: string) => ({
  operationId,
  summary,
  tags: [tag],
})
const account = { 200: Account, ...problems(404, 422) }
const noContent = { 204: Type.Null(), ...problems(404, 422) }

const schemas = {
  getMe: { ...about('auth', 'getMe', 'Get your account'), response: account },
  listKeys: {
    ...about('api keys', 'listApiKeys', 'List your API keys'),
    response: { 200: Type.Object({ data: Type.Array(ApiKey) }) },
  },
  createKey: {
    ...about('api keys', 'createApiKey', 'Create an API key'),
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
  },
  rotateKey: {
    ...about('api keys', 'rotateApiKey', 'Replace an API key; the old one stays valid for a day'),
    params,
    response: { 200: IssuedApiKey, ...problems(404, 422) },
  },
  revokeKey: {
    ...about('api keys', 'revokeApiKey', 'Revoke an API key'),
    params,
    response: noContent,
  },
  listUsers: {
    ...about('accounts', 'listAuthUsers', 'List accounts'),
    querystring: closed({ ...listQuery(['id']), email: Type.Optional(Type.String()) }),
    response: { 200: pageOf(Account), ...problems(422) },
  },
  getUser: { ...about('accounts', 'getAuthUser', 'Get an account'), params, response: account },
  updateUser: {
    ...about('accounts', 'updateAuthUser', 'Activate, deactivate or change an account'),
    params,
    body: AccountChange,
    response: { ...account, ...problems(409) },
  },
}

const known = { access: 'authenticated', rateLimit: 'standard' } as const
// A key that could create keys would outlive its own end.
const user = { access: 'user', rateLimit: 'standard' } as const
const sensitive = { access: 'user', rateLimit: 'strict' } as const
const operator = { access: { role: 'admin' }, rateLimit: 'standard' } as const

/** The caller's account and API keys, and all accounts for operators. */
export const accountRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const { cache, keys, users } = app.auth

  app.get('/auth/me', { config: known, schema: schemas.getMe }, async (request) => {
    const { userId, roles, permissions } = callerOf(request)
    const account = toAccount(await users.get(userId))
    // The rights of this request: an API key has fewer than its user.
    return { ...account, roles: [...roles], permissions: [...permissions] }
  })

  app.get('/api-keys', { config: user, schema: schemas.listKeys }, async (request) => ({
    data: await keys.list(callerOf(request).userId),
  }))

  app.post(
    '/api-keys',
    { config: sensitive, schema: schemas.createKey },
    async (request, reply) => {
      const { name, scopes, expiresInDays: days } = request.body
      reply.code(201)
      return keys.create(callerOf(request).userId, { name, scopes, days })
    },
  )

  const rotate = { config: sensitive, schema: schemas.rotateKey }
  app.post('/api-keys/:id/rotate', rotate, async (request) => {
    const issued = await keys.rotate(callerOf(request).userId, request.params.id)
    if (issued === undefined) throw new NotFoundError('API key not found, or expired.')
    return issued
  })

  const revoke = { config: user, schema: schemas.revokeKey }
  app.delete('/api-keys/:id', revoke, async (request, reply) => {
    const revoked = await keys.revoke(callerOf(request).userId, request.params.id)
    if (!revoked) throw new NotFoundError('API key not found.')
    return reply.code(204).send(null)
  })

  const list = { config: operator, schema: schemas.listUsers }
  app.get('/auth/users', list, async (request, reply) => {
    const { rows, ...page } = await users.list(request.query)
    reply.header('link', pageLinks(request.url, page.next))
    return { data: rows.map(toAccount), page }
  })

  const get = { config: operator, schema: schemas.getUser }
  app.get('/auth/users/:id', get, async ({ params }) => toAccount(await users.get(params.id)))

  const update = { config: operator, schema: schemas.updateUser }
  app.patch('/auth/users/:id', update, async (request) => {
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
