import type { FastifyInstance } from 'fastify'
import type { TestContext } from 'vitest'

const reason = 'Skipped the 401 and 403 cases: no plugin guards routes.'
let isReported = false

/** Skips a test of who may call a route if nothing guards routes, as in a service without `auth`. */
export function skipUnguarded(app: FastifyInstance, { skip }: TestContext): void {
  if (app.hasPlugin('access')) return
  if (!isReported) console.info(reason)
  isReported = true
  skip(reason)
}
