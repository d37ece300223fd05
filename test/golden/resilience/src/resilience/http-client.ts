import type { Static, TSchema, TUnknown } from 'typebox'
import { Check } from 'typebox/schema'
import type { Policy, Work } from './policy.ts'

/** A call to another service failed; the subclass says why. */
export class CallError extends Error {
  override readonly name: string = this.constructor.name
}

/** There was no connection, or it was lost before the whole response had arrived. */
export class ConnectionError extends CallError {}

/** The body of the response isn't JSON, or doesn't match its schema. */
export class InvalidResponseError extends CallError {}

/** The callee answered with a status that the caller didn't expect. */
export class HttpStatusError extends CallError {
  readonly status: number
  /** How long the callee asks to wait, in milliseconds; 0 if it doesn't. */
  readonly retryAfterMs: number

  /** @param call method and URL, without the query, which may hold secrets */
  constructor(call: string, status: number, retryAfterMs = 0) {
    super(`${call} answered ${status}.`)
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

const networkCode =
  /^(EAI_AGAIN|ECONN[A-Z]+|E(HOST|NET)[A-Z]+|ENOTFOUND|EPIPE|ETIMEDOUT|UND_ERR_(SOCKET|\w+_TIMEOUT))$/

/**
 * Whether an error shows that the callee failed: no connection, a timeout, 408, 5xx, or a response
 * that can't be read. Other statuses are answers; other errors are faults of our own code.
 */
export function isCalleeFailure(error: unknown): boolean {
  if (error instanceof HttpStatusError) return error.status === 408 || error.status >= 500
  if (error instanceof ConnectionError || error instanceof InvalidResponseError) return true
  // `fetch` keeps the error of the socket in `cause`.
  return isTimeout(error) || (error instanceof Error && [error, error.cause].some(hasNetworkCode))
}

/** Of this policy, or of `AbortSignal.timeout()`. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function hasNetworkCode(error: unknown): boolean {
  return error instanceof Error && 'code' in error && networkCode.test(String(error.code))
}

/** Why a call failed, for metrics. */
export function failureType(error: unknown): string {
  if (isTimeout(error)) return 'timeout'
  if (error instanceof HttpStatusError) return 'status'
  if (error instanceof InvalidResponseError) return 'invalid_response'
  return isCalleeFailure(error) ? 'connection' : 'other'
}

/** Whether the same call may succeed a moment later: no connection, a timeout, 408, 429 or 5xx. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HttpStatusError && error.status === 429) return true
  return isCalleeFailure(error) && !(error instanceof InvalidResponseError)
}

export interface HttpRequest<T extends TSchema = TUnknown> extends RequestInit {
  /** What the JSON of the response must match; undefined is the body of an empty response. */
  schema?: T
  /** Whether to retry. Default: as HTTP defines the method; never if the body is a stream. */
  idempotent?: boolean
}

/** @see RFC 9110, section 9.2.2 */
const idempotentMethods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE'])

/** Calls a JSON API with `fetch`, through a policy. */
export class HttpClient {
  readonly #baseUrl: string
  readonly #policy: Policy

  /** @param baseUrl what all paths are appended to, such as `https://payments.internal/v1` */
  constructor({ baseUrl, policy }: { baseUrl: string; policy: Policy }) {
    const { origin, pathname } = new URL(baseUrl)
    this.#baseUrl = `${origin}${pathname}`.replace(/\/$/, '')
    this.#policy = policy
  }

  /**
   * Sends a request. Reading the response belongs to the attempt, with its timeout and retries.
   *
   * @throws {HttpStatusError} for any status but 2xx
   * @throws {InvalidResponseError} if the response isn't JSON, or doesn't match its schema
   */
  async request<T extends TSchema = TUnknown>(
    path: string,
    { schema, idempotent, signal, method: verb = 'GET', ...init }: HttpRequest<T> = {},
  ): Promise<{ status: number; headers: Headers; body: Static<T> }> {
    const url = new URL(`${this.#baseUrl}/${path.replace(/^\//, '')}`)
    const method = verb.toUpperCase()
    const call = `${method} ${url.origin}${url.pathname}`
    const repeatable = idempotentMethods.has(method) && !(init.body instanceof ReadableStream)
    const options = { signal: signal ?? undefined, idempotent: idempotent ?? repeatable }

    const attempt = async (signal: AbortSignal) => {
      // Throws for an invalid header, for example: our own fault, not one of the callee.
      const request = new Request(url, { ...init, method, signal })
      const fail = (cause: unknown) => {
        throw new ConnectionError(`${call} failed.`, { cause })
      }
      const response = await fetch(request).catch(fail)
      const text = await response.text().catch(fail)
      const { ok, status, headers } = response
      if (!ok) throw new HttpStatusError(call, status, parseRetryAfter(headers.get('retry-after')))
      const body = parseJson(text, call)
      if (schema && !Check(schema, body)) {
        throw new InvalidResponseError(`The response to ${call} doesn't match its schema.`)
      }
      return { status, headers, body: body as Static<T> }
    }
    return this.#policy.execute((signal) => this.#measured(attempt, signal), options)
  }

  async #measured<T extends { status: number }>(attempt: Work<T>, signal: AbortSignal): Promise<T> {
    const end = this.#policy.recorder?.requested()
    try {
      const response = await attempt(signal)
      end?.(response.status)
      return response
    } catch (error) {
      const status = error instanceof HttpStatusError ? error.status : undefined
      const cause = signal.aborted ? signal.reason : error
      const wasCancelled = signal.aborted && !isTimeout(cause)
      end?.(status, wasCancelled ? 'cancelled' : failureType(cause))
      throw error
    }
  }
}

function parseJson(text: string, call: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidResponseError(`The response to ${call} isn't JSON.`, { cause })
  }
}

const oneDayMs = 86_400_000

/**
 * Parses a `Retry-After` header: whole seconds, or an HTTP date in one of its three forms.
 *
 * @returns milliseconds from `now`, at most a day; 0 if it is missing, invalid or in the past
 * @see RFC 9110, sections 10.2.3 and 5.6.7
 */
export function parseRetryAfter(header: string | null, now = Date.now()): number {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, oneDayMs)
  // Date.parse accepts far more than HTTP does, such as "-1".
  if (!/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/.test(text)) return 0
  // The oldest form has no zone; all of them are in UTC.
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Math.min(Math.max(0, date - now) || 0, oneDayMs)
}
