import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { AppError, BadRequestError } from './app-error.ts'
import { refuseTunnel } from './client-error.ts'

/**
 * Refuses what Node would otherwise refuse by itself, without a problem document and without our
 * headers: a request of HTTP/1.1 that names no host, an expectation that cannot be met, a tunnel.
 *
 * @see RFC 9112, section 3.2, and RFC 9110, section 10.1.1
 */
export const protocol = fp(
  async (app) => {
    // Like any other request, which others listen to as well.
    app.server.on('checkExpectation', (...heard) => app.server.emit('request', ...heard))
    app.server.on('connect', (_request, socket: Socket) => refuseTunnel(app, socket))

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
