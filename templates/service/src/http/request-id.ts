import fp from 'fastify-plugin'
import { uuidv7 } from './uuid.ts'

const header = 'x-request-id'
const acceptable = /^[A-Za-z0-9._-]{1,128}$/

/** Names every request: by a usable `x-request-id` of the caller, else by a new UUIDv7. */
export const requestId = fp(
  async (app) => {
    app.setGenReqId((request) => {
      const given = request.headers[header]
      return typeof given === 'string' && acceptable.test(given) ? given : uuidv7()
    })

    app.addHook('onRequest', (request, reply, done) => {
      reply.header(header, request.id)
      done()
    })
  },
  { name: 'request-id' },
)
