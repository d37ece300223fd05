import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'

/** Writes one line a request, when its response is sent. */
export class AccessLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request_id' })
  }

  /** The only line comes at the end. */
  override incomingRequest(): void {}

  /**
   * Logs at `error` for a failure, at `warn` for a 5xx that the service answers on purpose (while it
   * is overloaded or shutting down), otherwise at `info`. The query string is left out.
   */
  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { failure } = request
    const { url: route, config } = request.routeOptions
    const status = reply.statusCode
    const cause = error ?? failure?.cause ?? (status === 500 ? failure : undefined)
    const line = {
      method: request.method,
      path: pathOf(request.url),
      route,
      status,
      duration_ms: Math.round(reply.elapsedTime * 1_000) / 1_000,
      client_ip: request.ip,
      problem: failure?.type,
      reason: status === 401 ? messageOf(failure?.cause) : undefined,
    }
    if (error || (status >= 500 && cause))
      reply.log.error({ ...line, err: cause }, 'request failed')
    else if (status >= 500) reply.log.warn(line, 'request refused')
    else if (!config.quiet) reply.log.info(line, 'request completed')
  }
}

function pathOf(url: string): string {
  const end = url.indexOf('?')
  return end === -1 ? url : url.slice(0, end)
}

/** Why credentials were refused; clients aren't told. */
function messageOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}
