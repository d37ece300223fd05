import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuid } from '../db/json-types.ts'
import { NotFoundError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import { ApiKeyCreate, ApiKeyList, IssuedApiKey, toApiKey } from './api-key.schema.ts'
import { callerOf } from './caller.ts'

const tags = ['api keys']
const params = Type.Object({ id: uuid() })
const missing = 'You have no such API key.'

// A key that could make keys would outlive its own end.
const config = { access: 'user', rateLimit: 'standard' } as const
const strict = { ...config, rateLimit: 'strict' } as const

/** Everybody's own API keys. */
const routes: FastifyPluginAsyncTypebox = async (app) => {
  const { keys } = app.auth

  app.get(
    '/',
    {
      config,
      schema: {
        operationId: 'listApiKeys',
        summary: 'List your API keys',
        tags,
        response: { 200: ApiKeyList },
      },
    },
    async (request) => ({ data: (await keys.list(callerOf(request).userId)).map(toApiKey) }),
  )

  app.post(
    '/',
    {
      config: strict,
      schema: {
        operationId: 'createApiKey',
        summary: 'Make an API key',
        tags,
        body: ApiKeyCreate,
        response: { 201: IssuedApiKey, ...problems(403, 409, 422) },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresInDays: days } = request.body
      const { row, text } = await keys.create(callerOf(request), { name, scopes, days })
      reply.code(201)
      return { ...toApiKey(row), key: text }
    },
  )

  app.post(
    '/:id/rotate',
    {
      config: strict,
      schema: {
        operationId: 'rotateApiKey',
        summary: 'Replace an API key; the one before stays good for a while',
        tags,
        params,
        response: { 200: IssuedApiKey, ...problems(404, 422) },
      },
    },
    async (request) => {
      const issued = await keys.rotate(callerOf(request).userId, request.params.id)
      if (issued === undefined) throw new NotFoundError(missing)
      return { ...toApiKey(issued.row), key: issued.text }
    },
  )

  app.delete(
    '/:id',
    {
      config,
      schema: {
        operationId: 'revokeApiKey',
        summary: 'End an API key at once',
        tags,
        params,
        response: { 204: Type.Null(), ...problems(404, 422) },
      },
    },
    async (request, reply) => {
      const removed = await keys.remove(callerOf(request).userId, request.params.id)
      if (!removed) throw new NotFoundError(missing)
      return reply.code(204).send(null)
    },
  )
}

export default routes
