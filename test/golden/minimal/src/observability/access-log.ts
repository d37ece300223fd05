import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { type Logger, levels } from 'pino'
import type { Config } from '../config/index.ts'
import { errorMessage } from './error-serializer.ts'
import type { PIIMasker } from './pii-masker.ts'
import { type TraceContext, traceOf } from './trace-context.ts'

/** A line about a request that holds nothing to mask, so the logger leaves it alone. */
export class CleanLine {
  constructor(members: object) {
    Object.assign(this, members)
  }
}

type Details = (request: FastifyRequest, reply: FastifyReply) => object | undefined

declare module 'fastify' {
  interface FastifyInstance {
    accessLog: AccessLog
  }
  interface FastifyRequest {
    trace: TraceContext
  }
}

/** Writes one line a request, when its response is sent, and names its trace in every line about it. */
export class AccessLog extends LogController {
  /** Says more about a request, with values that the logger masks. A plugin may set it. */
  details: Details | undefined
  readonly #config: Pick<Config, 'app' | 'logging'>
  readonly #masker: PIIMasker

  constructor(config: Pick<Config, 'app' | 'logging'>, masker: PIIMasker) {
    super({ requestIdLogLabel: 'request_id' })
    this.#config = config
    this.#masker = masker
  }

  /** Logs nothing. In development the header `x-log-level` sets the level for one request. */
  override incomingRequest(request: FastifyRequest): void {
    const log = request.log as Logger
    request.trace = traceOf(request.headers.traceparent)
    log.setBindings({ trace_id: request.trace.traceId })
    if (this.#config.app.environment !== 'development') return
    const level = String(request.headers['x-log-level']).toLowerCase()
    if (Object.hasOwn(levels.values, level)) log.level = level
  }

  /**
   * Logs at `error` for a failure, at `warn` for a slow request and for a 5xx that the service answers
   * on purpose (while it is overloaded or shutting down), otherwise at `info`.
   */
  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { failure } = request
    const { statusCode: status, elapsedTime, log } = reply
    const cause = error ?? failure?.cause ?? (status === 500 ? failure : undefined)
    const isFailure = error != null || (status >= 500 && cause !== undefined)
    const { slowRequestMs, clientIp } = this.#config.logging
    const isSlow = elapsedTime >= slowRequestMs
    const { url: route, config } = request.routeOptions
    if (config.quiet && status < 500 && !isFailure && !isSlow) return

    const [path = ''] = request.url.split('?', 1)
    // Only parameters hold something of a client's.
    const members = {
      method: request.method,
      path: path === route ? path : this.#masker.mask(path),
      route,
      status,
      duration_ms: Math.round(elapsedTime * 1_000) / 1_000,
      client_ip: clientIp === 'full' ? request.ip : networkOf(request.ip),
    }
    const details = this.#detailsOf(request, reply)
    const reason = status === 401 && failure?.cause ? errorMessage(failure.cause) : undefined
    const line =
      failure || details
        ? { ...members, problem: failure?.type, reason, ...details }
        : new CleanLine(members)
    if (isFailure) log.error({ ...line, err: cause }, 'request failed')
    else if (status >= 500) log.warn(line, 'request refused')
    else if (isSlow) log.warn(line, 'slow request')
    else log.info(line, 'request completed')
  }

  /** A fault in it must not end the process. */
  #detailsOf(request: FastifyRequest, reply: FastifyReply): object | undefined {
    try {
      return this.details?.(request, reply)
    } catch (error) {
      return { details: errorMessage(error) }
    }
  }
}

/** The first 24 bits of an IPv4 address, at most the first 48 of an IPv6 one. */
export function networkOf(ip: string): string {
  if (ip.includes('.')) return ip.replace(/\.\d+$/, '.0')
  const groups = ip.split('::', 1)[0]?.split(':') ?? []
  return `${groups.slice(0, 3).join(':')}::`
}
