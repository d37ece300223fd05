import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { NotFoundError } from '../http/app-error.ts'
import { problems } from '../http/problem.ts'
import type { CircuitStats } from './circuit-state.ts'

const Circuit = Type.Object({
  name: Type.String({ examples: ['payments'] }),
  state: Type.Enum(['closed', 'half-open', 'open']),
  failures: Type.Integer({ description: 'Failed calls in a row, while closed.' }),
  retry_after_ms: Type.Integer({ description: 'How long the open circuit still refuses calls.' }),
  totals: Type.Object(
    {
      success: Type.Integer(),
      failure: Type.Integer(),
      unknown: Type.Integer({ description: 'Given up by their callers, or never sent.' }),
      rejected: Type.Integer({ description: 'Refused by the circuit.' }),
    },
    { description: 'Calls since the start of the process.' },
  ),
})
const Circuits = Type.Object({ data: Type.Array(Circuit) })

// For operators, who would otherwise wait until an open circuit tries again.
const config = { access: { role: 'admin' } } as const
const tags = ['circuit breakers']

/** The circuits of the process that answers; with several workers each has its own. */
const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    { config, schema: { tags, summary: 'Lists the circuits', response: { 200: Circuits } } },
    async () => ({ data: app.breakers.list().map(toCircuit) }),
  )

  app.post(
    '/:name/reset',
    {
      config,
      schema: {
        tags,
        summary: 'Closes a circuit',
        params: Type.Object({ name: Type.String({ maxLength: 64 }) }),
        response: { 200: Circuit, ...problems(404, 422) },
      },
    },
    async (request) => {
      const breaker = app.breakers.get(request.params.name)
      if (breaker === undefined) throw new NotFoundError('There is no such circuit.')
      breaker.reset()
      request.log.warn({ circuit: breaker.name }, 'circuit reset')
      return toCircuit(breaker.stats())
    },
  )
}

export default routes

function toCircuit({ retryAfterMs, ...stats }: CircuitStats) {
  return { ...stats, retry_after_ms: Math.ceil(retryAfterMs) }
}
