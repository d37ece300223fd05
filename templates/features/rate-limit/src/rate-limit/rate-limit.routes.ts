import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { problems } from '../http/problem.ts'
import { keyNamed } from './client-key.ts'
import type { Decision } from './limiter.ts'
import { dimensions, keptHours, keptNames } from './refusals.ts'

const Refused = Type.Object({
  data: Type.Array(
    Type.Object({
      name: Type.String({ examples: ['ip:203.0.113.9'] }),
      refused: Type.Integer({ description: 'Refused requests.' }),
    }),
  ),
})
const Counters = Type.Object({
  data: Type.Array(
    Type.Object({
      scope: Type.String({ examples: ['GET /api/v1/products'] }),
      limit: Type.Integer(),
      remaining: Type.Integer(),
      reset_after_ms: Type.Integer({ description: 'Until nothing is used up any more.' }),
      retry_after_ms: Type.Integer({ description: 'Until the next request is allowed.' }),
    }),
  ),
})
const Client = Type.Object({
  client: Type.String({ description: 'ip:<address>, user:<id> or apikey:<id>', maxLength: 100 }),
})

// For operators, who must get through although they are limited like everybody else.
const config = { access: { role: 'admin' }, rateLimit: false } as const
const tags = ['rate limits']

/** Who was refused, and how much a client has left. Without Redis: in the process that answers. */
const routes: FastifyPluginAsyncTypebox = async (app) => {
  const limits = app.rateLimits

  app.get(
    '/',
    {
      config,
      schema: {
        tags,
        summary: 'Lists what was refused most',
        querystring: Type.Object(
          {
            by: Type.Enum([...dimensions], { default: 'client' }),
            limit: Type.Integer({ default: 20, minimum: 1, maximum: keptNames }),
            hours: Type.Integer({ default: 2, minimum: 1, maximum: keptHours }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Refused, ...problems(422) },
      },
    },
    async ({ query }) => ({
      data: await limits.refusals.top(query.by, query.limit, query.hours),
    }),
  )

  app.get(
    '/:client',
    {
      config,
      schema: {
        tags,
        summary: 'Shows what a client has used up',
        params: Client,
        querystring: Type.Object(
          { tier: Type.Optional(Type.String({ maxLength: 64 })) },
          { additionalProperties: false },
        ),
        response: { 200: Counters, ...problems(422) },
      },
    },
    async ({ params, query }) => {
      const client = keyNamed(params.client)
      const counters = [...limits.scopes].map(async ([scope, rules]) => {
        const state = await limits.limiter.inspect(client, rules.of(query.tier))
        return toCounter(scope, state)
      })
      const data = await Promise.all(counters)
      return { data: data.filter(({ reset_after_ms }) => reset_after_ms > 0) }
    },
  )

  app.delete(
    '/:client',
    {
      config,
      schema: {
        tags,
        summary: 'Forgets what a client has used up',
        params: Client,
        response: { 204: Type.Null(), ...problems(422) },
      },
    },
    async (request, reply) => {
      const client = keyNamed(request.params.client)
      const rules = [...limits.scopes.values()]
      await Promise.all(rules.map(({ usual }) => limits.limiter.reset(client, usual)))
      request.log.warn({ client }, 'rate limits reset')
      return reply.code(204).send(null)
    },
  )
}

export default routes

function toCounter(scope: string, { limit, remaining, resetAfterMs, retryAfterMs }: Decision) {
  return {
    scope,
    limit,
    remaining,
    reset_after_ms: Math.ceil(resetAfterMs),
    retry_after_ms: Math.ceil(retryAfterMs),
  }
}
