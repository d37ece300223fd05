import fp from 'fastify-plugin'
import { uuidv7 } from './uuid.ts'

const header = 'x-request-id'
const acceptable = /^[A-Za-z0-9._-]{1,128}$/

/**
 * Gives every request an id: the caller's `x-request-id` if it is acceptable, which nothing is that
 * the masker would change, else a UUIDv7.
 */
export const requestId = fp(
  async (app) => {
    app.setGenReqId((request) => {
      const id = request.headers[header]
      const isKept = typeof id === 'string' && acceptable.test(id) && app.masker.mask(id) === id
      return isKept ? id : uuidv7()
    })

    app.addHook('onRequest', (request, reply, done) => {
      reply.header(header, request.id)
      done()
    })
  },
  { name: 'request-id' },
)

/**
 * Reports how long a request took: `Server-Timing` in milliseconds, `X-Process-Time` in seconds. Not
 * in production, where it would help attackers who measure.
 *
 * @see https://www.w3.org/TR/server-timing/
 */
export const timing = fp(
  async (app) => {
    if (app.config.app.environment === 'production') return

    app.addHook('onSend', (_request, reply, payload, done) => {
      const { elapsedTime } = reply
      reply.header('server-timing', `app;dur=${elapsedTime.toFixed(3)}`)
      reply.header('x-process-time', (elapsedTime / 1_000).toFixed(6))
      done(null, payload)
    })
  },
  { name: 'timing' },
)
