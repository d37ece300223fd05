import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { AppError, BadRequestError } from './app-error.ts'
import { httpMetrics } from './metrics.ts'
import { problemMediaType, toProblem } from './problem.ts'
import { uuidv7 } from './uuid.ts'

/**
 * Refuses what Node would otherwise refuse without a problem document and without our headers: an
 * HTTP/1.1 request without a host, an expectation that can't be met, a tunnel.
 *
 * @see RFC 9112, section 3.2, and RFC 9110, section 10.1.1
 */
export const protocol = fp(
  async (app) => {
    const { server } = app
    server.on('request', ({ socket }, response) => latestResponse.set(socket, response))
    // Hooks decide about an expectation, as about any request.
    server.on('checkExpectation', (...args) => server.emit('request', ...args))
    server.on('connect', (_request, socket: Socket) => refuse(app, socket, 'CONNECT'))

    let hasWarned = false
    app.addHook('onRequest', (request, _reply, done) => {
      const { headers, httpVersion } = request.raw
      if (headers.host === undefined && httpVersion === '1.1') {
        throw new BadRequestError('The header Host is missing.')
      }
      if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
        throw new AppError(417, 'The expectation of the request cannot be met.')
      }
      if (headers['x-forwarded-for'] !== undefined && !hasWarned && !request.ips?.[1]) {
        hasWarned = true
        request.log.warn({ peer: request.ip }, untrustedProxy)
      }
      done()
    })
  },
  { name: 'protocol', dependencies: ['errors'] },
)

const untrustedProxy =
  'Ignored X-Forwarded-For from an address that TRUST_PROXY does not list. If it is your proxy, ' +
  'set TRUST_PROXY: until then all clients behind it count as one. This is logged once.'

/** By the code of the error. Metrics show the reason. */
const refusals = {
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'timeout', 'The request took too long to arrive.'],
  CONNECT: [405, 'connect', 'CONNECT is not supported here.'],
  default: [400, 'syntax', 'This is not an HTTP request.'],
} as const

/** How long (ms) a refused client may keep its connection, to read why. */
const lingerMs = 500

/** The response to the latest request on each connection. */
const latestResponse = new WeakMap<Socket, ServerResponse>()

/**
 * Answers bytes that aren't an HTTP request: there is no request or reply, only a socket. Complete
 * requests before them get their responses first.
 */
export function handleClientError(this: FastifyInstance, error: ConnectionError, socket: Socket) {
  const response = latestResponse.get(socket)
  if (response?.req.complete && !response.closed) {
    response.once('close', () => refuse(this, socket, error.code))
  } else if (response && !response.closed && (response.headersSent || !response.socket)) {
    // It has begun, or waits for an earlier one.
    socket.destroy()
  } else {
    refuse(this, socket, error.code)
  }
}

function refuse(app: FastifyInstance, socket: Socket, code: string): void {
  const { log, metrics, securityHeaders, config } = app
  // Node no longer listens on a tunnel's socket, where an earlier response may still be written.
  socket.on('error', () => {})
  // It was refused before, or the client is gone.
  if (!socket.writable) return
  const known = code in refusals ? (code as keyof typeof refusals) : 'default'
  const [status, reason, detail] = refusals[known]
  metrics.of(httpMetrics).malformed.with({ reason }).inc()
  const id = uuidv7()
  const error = new AppError(status, detail)
  const body = JSON.stringify(toProblem(error, { url: '/', id }, config.docs.problemBaseUri))
  const headers = {
    'content-type': problemMediaType,
    'content-length': Buffer.byteLength(body),
    'x-request-id': id,
    'cache-control': 'no-store',
    connection: 'close',
    ...securityHeaders,
  }
  log.info({ request_id: id, status, code }, 'request not understood')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
