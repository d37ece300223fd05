import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifySchema } from 'fastify'
import { type TProperties, Type } from 'typebox'
import { problems } from '../http/problem.ts'
import type { Limits } from './plugin.ts'
import { dimensions, maxHours, maxNames } from './refusals.ts'
import { parseKey } from './rules.ts'

const listOf = <Fields extends TProperties>(fields: Fields) =>
  Type.Object({ data: Type.Array(Type.Object(fields)) })

const Refused = listOf({
  name: Type.String({ examples: ['ip:203.0.113.9'] }),
  refused: Type.Integer({ description: 'Refused requests.' }),
})
const Counters = listOf({
  scope: Type.String({ examples: ['GET /api/v1/products'] }),
  limit: Type.Integer(),
  remaining: Type.Integer(),
  nextAfterMs: Type.Integer({ description: 'Time until one more unit is left.' }),
  resetAfterMs: Type.Integer({ description: 'Time until nothing is used any more.' }),
})
const Client = Type.Object({
  client: Type.String({ description: 'ip:<address>, user:<id> or apikey:<id>', maxLength: 300 }),
})

const strict = { additionalProperties: false }

/** Operators must get through, however many requests they have made. */
const operation = <S extends FastifySchema>(operationId: string, summary: string, schema: S) => ({
  config: { access: { role: 'admin' }, rateLimit: false } as const,
  schema: { operationId, summary, tags: ['rate limits'], ...schema },
})
const listRefused = operation('listRefusedRequests', 'List what was refused most', {
  querystring: Type.Object(
    {
      by: Type.Enum([...dimensions], { default: 'client' }),
      limit: Type.Integer({ default: 20, minimum: 1, maximum: maxNames }),
      hours: Type.Integer({ default: 2, minimum: 1, maximum: maxHours }),
    },
    strict,
  ),
  response: { 200: Refused, ...problems(422) },
})
const getClient = operation('getClientLimits', 'Get what a client has used', {
  params: Client,
  querystring: Type.Object({ tier: Type.Optional(Type.String()) }, strict),
  response: { 200: Counters, ...problems(422) },
})
const resetClient = operation('resetClientLimits', 'Reset what a client has used', {
  params: Client,
  response: { 204: Type.Null(), ...problems(422) },
})

/** Who was refused, and what clients have left. Without Redis: in the process that answers. */
export const operatorRoutes: FastifyPluginAsyncTypebox<{ limits: Limits }> = async (
  app,
  { limits: { limiter, refusals, scopes } },
) => {
  app.get('', listRefused, async ({ query: { by, limit, hours } }) => ({
    data: await refusals.top(by, limit, hours),
  }))

  app.get('/:client', getClient, async ({ params, query }) => {
    const client = parseKey(params.client)
    const counters = [...scopes].map(async ([scope, { byTier, usual }]) => {
      const rule = byTier.get(query.tier) ?? usual
      return { scope, limit: rule.limit, ...(await limiter.check(client, rule, 0)) }
    })
    const data = await Promise.all(counters)
    return { data: data.filter(({ resetAfterMs }) => resetAfterMs > 0) }
  })

  app.delete('/:client', resetClient, async ({ params, log }, reply) => {
    const client = parseKey(params.client)
    await Promise.all([...scopes.values()].map(({ usual }) => limiter.reset(client, usual)))
    log.warn({ client }, 'rate limits reset')
    return reply.code(204).send(null)
  })
}
