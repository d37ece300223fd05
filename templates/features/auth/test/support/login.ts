import type { FastifyInstance } from 'fastify'
import { loggedIn, newUser } from './users.ts'

/** Logs in as an admin, without a password. */
export default async function login(
  app: FastifyInstance,
  headers: Record<string, string>,
): Promise<void> {
  Object.assign(headers, await loggedIn(app, await newUser(app, { roles: ['admin'] })))
}
