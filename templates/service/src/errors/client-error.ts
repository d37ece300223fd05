import type { Socket } from 'node:net'
import type { ConnectionError, FastifyInstance } from 'fastify'
import { uuidv7 } from '../uuid.ts'
import { AppError } from './app-error.ts'
import { problemMediaType, toProblem } from './problem.ts'

const statuses: Record<string, [status: number, line: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request took too long to arrive.'],
}

/** Answers bytes that are not an HTTP request: there is no request or reply yet, only a socket. */
export function handleClientError(
  this: FastifyInstance,
  error: ConnectionError,
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const [status, line, detail] = statuses[error.code] ?? [
    400,
    'Bad Request',
    'This is not an HTTP request.',
  ]
  const id = uuidv7()
  const body = JSON.stringify(toProblem(new AppError(status, detail), '/', id))
  this.log.info({ request_id: id, status, code: error.code }, 'request not understood')
  const head = [
    `HTTP/1.1 ${status} ${line}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'cache-control: no-store',
    'connection: close',
    ...Object.entries(this.securityHeaders).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
