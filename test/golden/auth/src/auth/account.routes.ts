import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { NotFoundError } from '../http/app-error.ts'
import { Account, toAccount } from './auth.schema.ts'
import { callerOf } from './caller.ts'

/** The caller's own account, however they came in. */
const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/me',
    {
      config: { access: 'authenticated', rateLimit: 'standard' },
      schema: {
        operationId: 'me',
        summary: 'Tell who you are, and what you may do',
        tags: ['auth'],
        response: { 200: Account },
      },
    },
    async (request) => {
      const { userId, roles, permissions } = callerOf(request)
      const user = await app.auth.users.get(userId)
      if (user === undefined) throw new NotFoundError('There is no such account any more.')
      // Those that count for this request: an API key has fewer than its user.
      return { ...toAccount(user), roles: [...roles], permissions: [...permissions] }
    },
  )
}

export default routes
