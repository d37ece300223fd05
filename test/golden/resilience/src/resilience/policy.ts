import timers from 'node:timers/promises'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { CallError, HttpStatusError, isTransient } from './http-client.ts'
import type { CallRecorder } from './metrics.ts'

/** One attempt. It should stop when `signal` is aborted: nobody waits for its result any longer. */
export type Work<T> = (signal: AbortSignal) => T | PromiseLike<T>

const retryDefaults = {
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

export type RetryOptions = Partial<typeof retryDefaults>

export interface PolicyOptions {
  /** Time limit of one attempt, in milliseconds. It starts when the attempt leaves the queue. */
  timeoutMs: number
  /** Time limit of all attempts and the waits between them, in milliseconds. Default: none. */
  totalTimeoutMs?: number
  /** How to repeat idempotent calls. Default: one attempt. */
  retry?: RetryOptions
  breaker?: CircuitBreaker
  bulkhead?: Bulkhead
}

export interface CallOptions {
  /** Cancels the call, even while it is queued or waits for its next attempt. */
  signal?: AbortSignal | undefined
  /** Whether repeating the call does no harm. Default: true; `false` prevents retries. */
  idempotent?: boolean | undefined
}

/** How to call another service. */
export type Policy = ReturnType<typeof policy>

/**
 * Combines protections. A call passes them in this order: total timeout, retry, circuit breaker,
 * bulkhead, timeout.
 *
 * @throws {RangeError} if the total timeout would end the first attempt: the circuit breaker can't
 * tell a callee that hangs from a caller that gives up
 */
export function policy(options: PolicyOptions) {
  const { timeoutMs, totalTimeoutMs, retry, breaker, bulkhead } = options
  if (totalTimeoutMs !== undefined && totalTimeoutMs <= timeoutMs) {
    throw new RangeError(`totalTimeoutMs (${totalTimeoutMs}) must exceed timeoutMs (${timeoutMs}).`)
  }
  const recorder = breaker?.recorder
  return {
    /** That of the circuit breaker. */
    recorder,

    /**
     * Makes one call.
     *
     * @throws what the last attempt threw, `TimeoutError`, `CircuitOpenError`, `BulkheadFullError`,
     * or the reason of the aborted signal
     */
    async execute<T>(work: Work<T>, { signal, idempotent = true }: CallOptions = {}): Promise<T> {
      const attempt: Work<T> = (s) => withTimeout(timeoutMs, work, s)
      const queued: Work<T> = (s) => (bulkhead ? bulkhead.execute(attempt, s) : attempt(s))
      const guarded: Work<T> = (s) => (breaker ? breaker.execute(queued, s) : queued(s))
      const all: Work<T> = (s) =>
        retry && idempotent ? withRetry(retry, guarded, s, recorder) : guarded(s)
      const caller = signal ?? new AbortController().signal
      return totalTimeoutMs ? withTimeout(totalTimeoutMs, all, caller) : all(caller)
    },
  }
}

/**
 * Repeats a call that failed for a transient reason. The waits have "full jitter": a random time up
 * to an exponentially growing limit, which spreads the load on a callee that recovers.
 *
 * @throws the error of the last attempt, or the reason of the aborted signal
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
async function withRetry<T>(
  options: RetryOptions,
  work: Work<T>,
  signal: AbortSignal,
  recorder?: CallRecorder,
): Promise<T> {
  const { attempts, baseMs, maxMs, maxRetryAfterMs, retryIf } = { ...retryDefaults, ...options }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await work(signal)
      if (attempt > 1) recorder?.ended(true)
      return result
    } catch (error) {
      const isWorth = !signal.aborted && retryIf(error)
      if (isWorth && attempt === attempts) recorder?.ended(false)
      if (attempt >= attempts || !isWorth) throw error
      const retryAfterMs = error instanceof HttpStatusError ? error.retryAfterMs : 0
      if (retryAfterMs > maxRetryAfterMs) throw error
      // Callers who were given the same Retry-After would all return at once without the jitter.
      const waitMs = retryAfterMs + Math.random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1))
      recorder?.retried(waitMs)
      await timers.setTimeout(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

/** The call took too long. */
export class TimeoutError extends CallError {}

/** Aborts the signal of `work` after `ms` and stops waiting, even if the work goes on. */
async function withTimeout<T>(ms: number, work: Work<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const controller = new AbortController()
  const cancel = () => controller.abort(signal.reason)
  const expire = () => controller.abort(new TimeoutError(`No result within ${ms} ms.`))
  signal.addEventListener('abort', cancel, { once: true })
  const timer = setTimeout(expire, ms)
  const aborted = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason))
  })
  try {
    return await Promise.race([work(controller.signal), aborted])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
  }
}

/** Too many calls are running and waiting; this one wasn't made. */
export class BulkheadFullError extends CallError {}

/** Limits how many calls run at a time, so that one slow callee can't take the whole service. */
export class Bulkhead {
  readonly #limits: { readonly concurrency: number; readonly queue: number }
  readonly #queue = new Set<() => void>()
  #running = 0

  /** @param limits calls that run at a time, and calls that wait for their turn */
  constructor(limits: { readonly concurrency: number; readonly queue: number }) {
    this.#limits = limits
  }

  /** @throws {BulkheadFullError} if the queue is full */
  async execute<T>(work: Work<T>, signal = new AbortController().signal): Promise<T> {
    signal.throwIfAborted()
    if (this.#running < this.#limits.concurrency) this.#running += 1
    else await this.#turn(signal)
    try {
      return await work(signal)
    } finally {
      this.#leave()
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    const { concurrency, queue } = this.#limits
    if (this.#queue.size >= queue) {
      throw new BulkheadFullError(`${concurrency} calls are running and ${queue} are waiting.`)
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        this.#queue.delete(enter)
        reject(signal.reason)
      }
      signal.addEventListener('abort', giveUp, { once: true })
      this.#queue.add(enter)
    })
  }

  /** Hands the place to the first in the queue, so that no newcomer can take it. */
  #leave(): void {
    const [next] = this.#queue
    if (next === undefined) {
      this.#running -= 1
    } else {
      this.#queue.delete(next)
      next()
    }
  }
}
