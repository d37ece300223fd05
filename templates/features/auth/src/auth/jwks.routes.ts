import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { SigningKeys } from './signing-keys.ts'

const Jwks = Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) })

/** The public keys, for services that verify tokens of this one. */
const routes: FastifyPluginAsyncTypebox<{ jwks: SigningKeys['jwks'] }> = async (app, { jwks }) => {
  app.get(
    '/.well-known/jwks.json',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'jwks',
        summary: 'The keys that verify access tokens',
        tags: ['auth'],
        response: { 200: Jwks },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300')
      return { keys: jwks.keys.map((key) => ({ ...key })) }
    },
  )
}

export default routes
