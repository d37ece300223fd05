import type { FastifyRequest } from 'fastify'
import type { Identity } from '../http/route-policy.ts'
import { notIdentified } from './refused.ts'

/**
 * Who calls, for the handler of a route that declares `access`.
 * @throws {UnauthorizedError} when the route declares none, and nobody is known
 */
export function callerOf({ identity }: Pick<FastifyRequest, 'identity'>): Identity {
  if (identity === null) throw notIdentified()
  return identity
}
