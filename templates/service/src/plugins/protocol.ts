import fp from 'fastify-plugin'
import { AppError, BadRequestError } from '../errors/app-error.ts'

/**
 * Refuses what Node would otherwise refuse by itself, without a problem document and without our
 * headers: a request of HTTP/1.1 that names no host, and an expectation that cannot be met.
 *
 * @see RFC 9112, section 3.2, and RFC 9110, section 10.1.1
 */
export default fp(
  async (app) => {
    app.server.on('checkExpectation', (request, response) => app.routing(request, response))

    app.addHook('onRequest', ({ raw }, _reply, done) => {
      const { host, expect } = raw.headers
      if (host === undefined && raw.httpVersion === '1.1') {
        throw new BadRequestError('The header Host is missing.')
      }
      if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
        throw new AppError(417, 'The expectation of the request cannot be met.')
      }
      done()
    })
  },
  { name: 'protocol', dependencies: ['errors'] },
)
