import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** Adds query, headers, body and sizes to the line of each request. The logger masks them. */
export const requestLogging = fp(
  async (app) => {
    const { debug, environment } = app.config.app
    const { enabled, maxBodySize } = app.config.requestLogging
    if (!(enabled ?? (debug || environment === 'development'))) return

    app.addHook('onSend', async (_request, reply, payload) =>
      payload instanceof Readable && !reply.hasHeader('content-length')
        ? Readable.from(counted(payload, reply))
        : payload,
    )

    app.accessLog.details = (request, reply) => {
      // Probes, scrapes and the documentation get the usual line, if any.
      if (request.routeOptions.config.quiet) return undefined
      const { 'user-agent': userAgent, ...headers } = request.headers
      return {
        query: Object.keys(request.query ?? {}).length > 0 ? request.query : undefined,
        headers,
        user_agent: userAgent,
        body: bodyOf(request, maxBodySize),
        response_size: Number(reply.getHeader('content-length')) || sizes.get(reply) || 0,
      }
    }
  },
  { name: 'request-logging', dependencies: ['request-id'] },
)

/** Sizes of streamed responses. */
const sizes = new WeakMap<FastifyReply, number>()

async function* counted(stream: Readable, reply: FastifyReply) {
  for await (const chunk of stream) {
    sizes.set(reply, (sizes.get(reply) ?? 0) + Buffer.byteLength(chunk))
    yield chunk
  }
}

/** Types of bodies that are logged; others may be binary. */
const loggable = /^application\/(json|[\w.+-]+\+json|x-www-form-urlencoded)\s*(;|$)/i

/** The parsed body, or why it isn't logged; nothing if there is none. */
function bodyOf({ headers, body }: FastifyRequest, maxSize: number): unknown {
  const { 'content-type': type, 'content-length': length } = headers
  const isSent = headers['transfer-encoding'] !== undefined || Number(length) > 0
  if (!isSent) return undefined
  if (type === undefined || !loggable.test(type)) return `[not logged: ${type ?? 'no type'}]`
  if (body === undefined) return '[not parsed]'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return Buffer.byteLength(text) > maxSize ? `[not logged: more than ${maxSize} bytes]` : body
}
