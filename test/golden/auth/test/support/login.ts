import type { FastifyInstance } from 'fastify'
import { newUser, tokenFor } from './users.ts'

/** Logs in as somebody who may do everything; without a password, which would take its time. */
export default async function login(
  app: FastifyInstance,
  headers: Record<string, string>,
): Promise<void> {
  const user = await newUser(app, { roles: ['admin'] })
  headers.authorization = `Bearer ${await tokenFor(app, user)}`
}
