import timers from 'node:timers/promises'
import { HttpStatusError, isTransient } from './http-client.ts'
import type { Work } from './policy.ts'

const defaults = {
  /** Attempts in total, including the first. */
  attempts: 3,
  /** Longest wait after the first attempt, in milliseconds. It doubles after each attempt. */
  baseMs: 100,
  /** Upper limit of that wait, in milliseconds. */
  maxMs: 5_000,
  /** Longest `Retry-After` to wait for, in milliseconds. A longer one ends the retries. */
  maxRetryAfterMs: 10_000,
  /** Which errors are worth another attempt. */
  retryIf: isTransient,
}

export type RetryOptions = Partial<typeof defaults>

/**
 * Repeats a call that failed for a transient reason. The waits have "full jitter": a random time up
 * to an exponentially growing limit, which spreads the load on a callee that recovers.
 *
 * @throws the error of the last attempt, or the reason of the aborted signal
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function withRetry<T>(
  options: RetryOptions,
  work: Work<T>,
  signal: AbortSignal,
): Promise<T> {
  const { attempts, baseMs, maxMs, maxRetryAfterMs, retryIf } = { ...defaults, ...options }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(signal)
    } catch (error) {
      if (attempt >= attempts || signal.aborted || !retryIf(error)) throw error
      const retryAfterMs = error instanceof HttpStatusError ? error.retryAfterMs : 0
      if (retryAfterMs > maxRetryAfterMs) throw error
      // Callers who were given the same Retry-After would all return at once without the jitter.
      const waitMs = retryAfterMs + Math.random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1))
      await timers.setTimeout(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}
