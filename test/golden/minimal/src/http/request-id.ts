import fp from 'fastify-plugin'
import { uuidv7 } from './uuid.ts'

const header = 'x-request-id'
const acceptable = /^[A-Za-z0-9._-]{1,128}$/

/** Gives every request an id: the caller's `x-request-id` if it is acceptable, else a UUIDv7. */
export const requestId = fp(
  async (app) => {
    app.setGenReqId((request) => {
      const id = request.headers[header]
      return typeof id === 'string' && acceptable.test(id) ? id : uuidv7()
    })

    app.addHook('onRequest', (request, reply, done) => {
      reply.header(header, request.id)
      done()
    })
  },
  { name: 'request-id' },
)
