import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyInstance } from 'fastify'
import { AppError } from './app-error.ts'
import { problemMediaType, toProblem } from './problem.ts'
import { uuidv7 } from './uuid.ts'

const statuses: Record<string, readonly [status: number, line: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request took too long to arrive.'],
  CONNECT: [405, 'Method Not Allowed', 'CONNECT is not supported here.'],
}
const usual = [400, 'Bad Request', 'This is not an HTTP request.'] as const

/** Whoever is refused may read why for so many ms. */
const linger = 500

/** A socket of an HTTP server; Node's own answer to a client error reads the same property. */
type HttpSocket = Socket & { _httpMessage?: ServerResponse | null }

/** Node tells of every piece that arrives behind the first wrong one. */
const refused = new WeakSet<Socket>()

/**
 * Answers bytes that are not an HTTP request: there is no request or reply yet, only a socket. The
 * requests before them, on the same connection, get their responses first.
 */
export function handleClientError(
  this: FastifyInstance,
  error: ConnectionError,
  socket: HttpSocket,
): void {
  if (refused.has(socket)) return
  refused.add(socket)
  const refuse = () => {
    const response = socket._httpMessage
    if (response?.req.complete) response.once('close', refuse)
    else if (error.code === 'ECONNRESET' || !socket.writable || response?.headersSent) {
      socket.destroy()
    } else endWith(answer(this, error.code), socket)
  }
  refuse()
}

/** Answers a CONNECT, of which Node gives the socket alone: this is no proxy. */
export function refuseTunnel(app: FastifyInstance, socket: Socket): void {
  endWith(answer(app, 'CONNECT'), socket)
}

/** A client that does not close would otherwise keep its connection for as long as it likes. */
function endWith(text: string, socket: Socket): void {
  socket.on('error', () => {})
  socket.end(text)
  const timer = setTimeout(() => socket.destroy(), linger)
  socket.once('close', () => clearTimeout(timer))
}

function answer({ log, securityHeaders, config }: FastifyInstance, code: string): string {
  const [status, line, detail] = statuses[code] ?? usual
  const id = uuidv7()
  const problem = toProblem(new AppError(status, detail), '/', id, config.docs.problemBaseUri)
  const body = JSON.stringify(problem)
  log.info({ request_id: id, status, code }, 'request not understood')
  const head = [
    `HTTP/1.1 ${status} ${line}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'cache-control: no-store',
    'connection: close',
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
