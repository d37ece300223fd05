import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { usualProblemType } from './app-error.ts'
import { errorMetrics, httpMetrics, methods } from './metrics.ts'
import type { ValidationIssue } from './validation.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Measures a request until its response ends. For requests that pass no `onRequest` hook. */
    meter(request: FastifyRequest, reply: FastifyReply): void
  }
}

/** Stands for the status of requests whose client went away: nobody received one. */
const clientGone = 499

/** Measures every request except preflights, which are answered earlier. */
export const metering = fp(
  async (app) => {
    const { slowRequestMs } = app.config.logging
    const http = app.metrics.of(httpMetrics)
    const errors = app.metrics.of(errorMetrics)
    const active = http.active.with({})

    app.addHook('onRoute', ({ method, url: http_route, config }) => {
      if (config?.quiet) return
      http.slow.init({ http_route })
      errors.validation.init({ http_route })
      for (const each of [method].flat()) {
        http.calls.init({ http_request_method: methodOf(each), http_route })
      }
    })

    function recordError({ failure }: FastifyRequest, http_route: string, status: number): string {
      const error_type = (failure ?? usualProblemType(status)).type.replace(/.*\//, '')
      errors.errors.with({ error_type, http_route, http_response_status_code: `${status}` }).inc()
      const [issue] = (failure?.extra.errors ?? []) as ValidationIssue[]
      if (issue) errors.validation.with({ source: issue.in ?? 'body', http_route }).inc()
      if (status === 500) {
        // Fastify marks errors of a result that the response schema doesn't allow.
        const kind = Object(failure?.cause).serialization ? 'serialization' : 'request'
        errors.unhandled.with({ kind }).inc()
      }
      if (status === 413) http.tooLarge.with({}).inc()
      const { code } = (failure?.cause ?? {}) as NodeJS.ErrnoException
      if (code === 'FST_ERR_BAD_URL') http.malformed.with({ reason: 'url' }).inc()
      return error_type
    }

    function record(request: FastifyRequest, reply: FastifyReply, http_route: string): void {
      const isGone = !reply.raw.writableEnded
      const status = isGone ? clientGone : reply.statusCode
      const http_request_method = methodOf(request.method)
      const { elapsedTime } = reply
      let error_type = isGone ? 'aborted' : ''
      active.inc(-1)
      if (isGone) http.aborted.with({}).inc()
      else if (status >= 400) {
        const type = recordError(request, http_route, status)
        if (status >= 500) error_type = type
      }
      http.duration
        .with({
          http_request_method,
          http_route,
          http_response_status_code: `${status}`,
          url_scheme: request.protocol === 'https' ? 'https' : 'http',
          error_type,
        })
        .observe(elapsedTime / 1_000, () => traceLabels(request))
      http.calls.with({ http_request_method, http_route, user_type: userTypeOf(request) }).inc()
      if (elapsedTime > slowRequestMs) http.slow.with({ http_route }).inc()
      const received = Number(request.headers['content-length'])
      if (received >= 0) http.requestSize.with({ http_route }).observe(received)
      const sent = Number(reply.getHeader('content-length'))
      if (sent >= 0) http.responseSize.with({ http_route }).observe(sent)
    }

    app.decorate('meter', (request: FastifyRequest, reply: FastifyReply) => {
      const { url = '__unmatched__', config } = request.routeOptions
      if (config.quiet) return
      active.inc()
      reply.raw.on('close', () => record(request, reply, url))
    })
    app.addHook('onRequest', (request, reply, done) => {
      app.meter(request, reply)
      done()
    })
  },
  { name: 'metering' },
)

const methodOf = (text: string) => (methods.includes(text) ? text : '_OTHER')

const userTypeByKind = { nobody: 'anonymous', user: 'user', 'api-key': 'api_key' } as const

/** Who sent a request, as metrics show it. A URL that can't be decoded never has an identity. */
export function userTypeOf({ identity }: Pick<FastifyRequest, 'identity'>) {
  return userTypeByKind[identity?.kind ?? 'nobody']
}

/** Leads to the trace of a request, if its caller records one. */
function traceLabels({ trace }: FastifyRequest): string | undefined {
  if (!trace?.isSampled) return undefined
  const [, traceId, spanId] = trace.traceparent.split('-')
  return `trace_id="${traceId}",span_id="${spanId}"`
}
