import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { AppError } from '../http/app-error.ts'
import type { Identity } from '../http/route-policy.ts'
import { credentialHeaders, hasCredentials } from '../http/security-headers.ts'
import { StartupError } from '../startup-error.ts'
import type { CacheManager } from './manager.ts'
import { keyOf, maxSeconds } from './options.ts'

type Headers = ReturnType<FastifyReply['getHeaders']>

/** The part of a response that isn't about one request. */
interface CachedResponse {
  readonly body: string
  /** Headers that the handler set, the content type and the ETag. */
  readonly headers: Readonly<Partial<Headers>>
  /** Unix time in milliseconds. */
  readonly storedAt: number
}

/**
 * Answers a GET route from the cache. Callers with an identity never share a response, and requests
 * with unverified credentials bypass the cache.
 *
 * @param ttl seconds
 * @throws {StartupError} if the route can't be cached
 */
export function answerFromCache(
  route: RouteOptions,
  { ttl, tags }: { ttl: number; tags: readonly string[] },
  cache: CacheManager,
): void {
  const { handler, method, url } = route
  if (!/^(GET|HEAD)$/.test(String(method)) || !(ttl > 0 && ttl <= maxSeconds)) {
    const rule = `only a GET can be cached, for up to ${maxSeconds} seconds.`
    throw new StartupError(`${method} ${url}: ${rule}`)
  }
  const isPublic = (route.config?.access ?? 'public') === 'public'
  const options = { ttl, tags, negativeTtl: 0 }

  /** An uncacheable response is for one request only; others that waited run their own handlers. */
  async function respond(reply: FastifyReply, run: () => unknown): Promise<unknown> {
    let returned: Promise<unknown> | undefined
    const fetch = () => {
      const before = { headers: reply.getHeaders(), identity: reply.request.identity }
      returned = settled(run, reply)
      return cacheable(returned, reply, before)
    }
    const cached = await cache.getOrFetch(requestKey(reply.request), fetch, options)
    return cached ? payloadOf(reply, cached, ttl) : (returned ?? settled(run, reply))
  }

  route.handler = function (request, reply) {
    const run = () => handler.call(this, request, reply)
    const isAnonymous = isPublic && !hasCredentials(request.headers)
    return request.identity || isAnonymous ? respond(reply, run) : run()
  }
}

/** What a handler returns; one that returns nothing sends the reply itself. */
async function settled(run: () => unknown, reply: FastifyReply): Promise<unknown> {
  const returned = run()
  return returned === undefined ? reply : returned
}

/** Headers that tie a response to one caller, or that say how it may be cached. */
const uncacheable = ['cache-control', 'set-cookie', 'trailer', 'vary']

/**
 * The cacheable part of a response, if it has one.
 *
 * @throws what the handler throws, if that is a failure rather than an answer such as a 404
 */
async function cacheable(
  returned: Promise<unknown>,
  reply: FastifyReply,
  before: { headers: Headers; identity: Identity | null },
): Promise<CachedResponse | undefined> {
  let payload: unknown
  try {
    payload = await returned
  } catch (error) {
    const isAnswer = error instanceof AppError && error.status < 500
    // Others that wait mustn't fail because this client has gone.
    if (isAnswer || reply.request.signal.aborted) return undefined
    throw error
  }
  const body = textOf(payload, reply)
  if (body === undefined || reply.sent || reply.statusCode !== 200) return undefined
  const entries = Object.entries(reply.getHeaders())
  const changes = entries.filter(([name, value]) => value !== before.headers[name])
  if (changes.some(([name]) => uncacheable.includes(name))) return undefined
  // The response may depend on a caller whom the key doesn't name.
  if (reply.request.identity !== before.identity) return undefined
  const headers = {
    'content-type': `${body === payload ? 'text/plain' : 'application/json'}; charset=utf-8`,
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    ...Object.fromEntries(changes),
  }
  return { body, headers, storedAt: Date.now() }
}

/** The body of a response as text, if it is text or data. Streams, buffers and errors are classes. */
function textOf(payload: unknown, reply: FastifyReply): string | undefined {
  if (typeof payload === 'string') return payload
  if (typeof payload !== 'object' || payload === null) return undefined
  const prototype = Object.getPrototypeOf(payload)
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
  if (!isPlain && !Array.isArray(payload)) return undefined
  try {
    const text: unknown = reply.serialize(payload)
    return typeof text === 'string' ? text : undefined
  } catch {
    // Fastify reports the same error when it sends the payload.
    return undefined
  }
}

/** Sets the headers of a cached response and returns the payload. */
function payloadOf(
  reply: FastifyReply,
  { body, headers, storedAt }: CachedResponse,
  ttl: number,
): string | undefined {
  const { identity, method, headers: asked } = reply.request
  reply.code(200).headers(headers).serializer(String)
  if (identity) {
    reply.header('cache-control', 'private, no-cache')
  } else {
    const age = Math.max(0, Math.floor((Date.now() - storedAt) / 1_000))
    const vary = [reply.getHeader('vary') ?? [], ...credentialHeaders].flat().join(', ')
    reply.headers({ 'cache-control': `public, max-age=${ttl}`, age, vary })
  }
  if (!isKnown(String(headers.etag), asked['if-none-match'])) return body
  reply.code(304).removeHeader('content-type')
  // Fastify needs the body of a HEAD for its length.
  return method === 'HEAD' ? body : undefined
}

/** Whether `If-None-Match` has the ETag. @see RFC 9110, 13.1.2 */
function isKnown(etag: string, known = ''): boolean {
  const versions: readonly string[] = known.match(/"[^"]*"/g) ?? []
  return known.trim() === '*' || versions.includes(etag.replace('W/', ''))
}

/** Covers everything a handler may look at: path, query, host and identity. */
function requestKey({ url, host, identity }: FastifyRequest): string {
  const rest = JSON.stringify([host, identity])
  return keyOf({ keyPrefix: 'route', keyFn: () => `GET ${url} ${rest}` }, [])
}

/**
 * Invalidates tags after a route's handler, even a failed one, which may have failed after its
 * write; and before the response is sent.
 */
export function invalidateAfter(
  route: RouteOptions,
  tags: readonly string[],
  cache: CacheManager,
): void {
  const { handler, onSend = [] } = route
  const running = new WeakSet<FastifyRequest>()

  async function invalidate({ log }: FastifyRequest): Promise<void> {
    await cache.invalidateTags(tags).catch((err) => {
      log.warn({ err, tags }, 'cached values not invalidated yet')
    })
  }

  route.handler = async function (request, reply) {
    running.add(request)
    try {
      return await settled(() => handler.call(this, request, reply), reply)
    } finally {
      running.delete(request)
      await invalidate(request)
    }
  }

  // For handlers that send the reply themselves.
  const beforeReply = async (request: FastifyRequest) => {
    if (running.has(request)) await invalidate(request)
  }
  route.onSend = [beforeReply, ...[onSend].flat()]
}
