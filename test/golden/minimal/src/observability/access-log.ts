import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** Writes one line a request, when its response is sent. */
export class AccessLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request_id' })
  }

  /** The one line comes at the end. */
  override incomingRequest(): void {}

  /** Logs at `error` for a failure of ours, else at `info`; the query string stays out. */
  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { url: route, config } = request.routeOptions
    const line = {
      method: request.method,
      path: pathOf(request.url),
      route,
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 1_000) / 1_000,
      client_ip: request.ip,
      problem: request.failure?.type,
      reason: reply.statusCode === 401 ? messageOf(request.failure?.cause) : undefined,
    }
    if (error || reply.statusCode >= 500) {
      reply.log.error(
        { ...line, err: error ?? request.failure?.cause ?? request.failure },
        'request failed',
      )
    } else if (!config.quiet) {
      reply.log.info(line, 'request completed')
    }
  }
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

/** Why credentials were refused, which the client is not told. */
function messageOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}
