import { HttpStatusError } from './errors.ts'
import type { Executor } from './executor.ts'
import { parseRetryAfter } from './retry-after.ts'
import { isTransientStatus } from './transient.ts'

export interface HttpClientOptions {
  /** What every request is run through. It should have a timeout. */
  policy: Executor
  /** What relative URLs are relative to. */
  baseUrl?: string | URL
  /** Takes the place of the global one. */
  fetch?: typeof fetch
}

export interface HttpRequest extends RequestInit {
  /** Whether to retry: by default as the method is, and never with a stream as body. */
  idempotent?: boolean
}

/** @see RFC 9110, section 9.2.2 */
const idempotentMethods = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE'])

/** Calls other services with `fetch`, through a policy. */
export class HttpClient {
  readonly #policy: Executor
  readonly #baseUrl: string | URL | undefined
  readonly #fetch: typeof fetch

  constructor({ policy, baseUrl, fetch = globalThis.fetch }: HttpClientOptions) {
    this.#policy = policy
    this.#baseUrl = baseUrl
    this.#fetch = fetch
  }

  /**
   * Sends a request and gives what `read` makes of the response. Reading belongs to the attempt,
   * with its timeout and its retries; of the response nothing can be read later.
   *
   * @throws {HttpStatusError} for 408, 429 and 5xx; `read` sees all others
   */
  async request<T>(
    path: string | URL,
    init: HttpRequest,
    read: (response: Response) => T | PromiseLike<T>,
  ): Promise<T> {
    const { idempotent = isIdempotent(init), signal: callers, ...rest } = init
    const url = new URL(path, this.#baseUrl)
    const attempt = async (signal: AbortSignal): Promise<T> => {
      const response = await this.#fetch(url, { ...rest, signal })
      try {
        if (isTransientStatus(response.status)) throw statusError(url, init, response)
        return await read(response)
      } finally {
        await discard(response)
      }
    }
    return this.#policy.exec(attempt, { signal: callers ?? undefined, idempotent })
  }

  /**
   * Sends a request and gives the JSON of the response, which the caller has to check.
   *
   * @throws {HttpStatusError} for every status but 2xx
   */
  async json(path: string | URL, init: HttpRequest = {}): Promise<unknown> {
    const url = new URL(path, this.#baseUrl)
    return this.request(url, init, (response) => {
      if (!response.ok) throw statusError(url, init, response)
      return response.json()
    })
  }
}

function isIdempotent({ method = 'GET', body }: HttpRequest): boolean {
  return idempotentMethods.has(method.toUpperCase()) && !(body instanceof ReadableStream)
}

function statusError(
  { origin, pathname }: URL,
  { method = 'GET' }: HttpRequest,
  { status, headers }: Response,
): HttpStatusError {
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), Date.now())
  return new HttpStatusError(`${method.toUpperCase()} ${origin}${pathname}`, status, retryAfterMs)
}

/** An unread body would keep its connection busy until the garbage collector comes. */
async function discard({ body, bodyUsed }: Response): Promise<void> {
  if (body === null || bodyUsed) return
  // It failed already, or somebody reads it: either way there is nothing to give back.
  await body.cancel().catch(() => {})
}
