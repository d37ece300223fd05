import { neverAborted, sleep, untilAborted } from './abort.ts'
import { fullJitter, type Random } from './backoff.ts'
import { milliseconds, wholeNumber } from './bounds.ts'
import { type Clock, systemClock } from './clock.ts'
import { type CallOptions, Executor, type Work } from './executor.ts'
import { isTransient } from './transient.ts'

/** What happens between attempts; `attempt` is the number of the one that just ended, from 1. */
export type RetryEvent =
  | { readonly kind: 'waiting'; readonly attempt: number; delayMs: number; error: unknown }
  | { readonly kind: 'recovered'; readonly attempt: number }
  | { readonly kind: 'exhausted'; readonly attempt: number; error: unknown }

export interface RetryOptions {
  /** Attempts in all, with the first. Default: 3. */
  attempts?: number
  /** Longest wait after the first attempt, in milliseconds; doubles each time. Default: 100. */
  baseMs?: number
  /** Longest wait of all, in milliseconds. Default: 5,000. */
  maxMs?: number
  /**
   * Longest wait that a `Retry-After` may ask for, in milliseconds. Default: 10,000. One that asks
   * for more ends the retries: an earlier one would be against its word.
   */
  maxRetryAfterMs?: number
  /** Whether an error is worth another attempt. Default: network errors, timeouts, 408, 429, 5xx. */
  retryIf?: (error: unknown) => boolean
  /** Is told what happens; must not throw. */
  onEvent?: (event: RetryEvent) => void
  clock?: Clock
  random?: Random
}

/**
 * Makes further attempts after a failure that may pass, with waits of full jitter between them.
 * What is not idempotent gets one attempt.
 */
export class Retry extends Executor {
  readonly #options: Required<RetryOptions>

  /** @throws {RangeError} for a number that makes no sense */
  constructor(options: RetryOptions = {}) {
    super()
    const { attempts = 3, baseMs = 100, maxMs = 5_000, maxRetryAfterMs = 10_000 } = options
    this.#options = {
      attempts: wholeNumber('attempts', attempts, 1),
      baseMs: milliseconds('baseMs', baseMs),
      maxMs: milliseconds('maxMs', maxMs),
      maxRetryAfterMs: milliseconds('maxRetryAfterMs', maxRetryAfterMs),
      retryIf: options.retryIf ?? isTransient,
      onEvent: options.onEvent ?? (() => {}),
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
    }
  }

  /** @throws the error of the last attempt, or the reason of the signal */
  override async exec<T>(work: Work<T>, options: CallOptions = {}): Promise<T> {
    const { signal = neverAborted(), idempotent = true } = options
    const { attempts, retryIf, onEvent, clock } = this.#options
    for (let attempt = 1; ; attempt += 1) {
      try {
        const result = await untilAborted(work, signal)
        if (attempt > 1) onEvent({ kind: 'recovered', attempt })
        return result
      } catch (error) {
        if (signal.aborted || !idempotent || !retryIf(error)) throw error
        const delayMs = this.#delayAfter(attempt, error)
        if (attempt === attempts || delayMs === undefined) {
          onEvent({ kind: 'exhausted', attempt, error })
          throw error
        }
        onEvent({ kind: 'waiting', attempt, delayMs, error })
        await sleep(delayMs, clock, signal)
      }
    }
  }

  /** Those who were told the same time to wait would all come back at once: jitter is added. */
  #delayAfter(attempt: number, error: unknown): number | undefined {
    const { maxRetryAfterMs, random } = this.#options
    const asked = retryAfterOf(error)
    if (asked > maxRetryAfterMs) return undefined
    return asked + fullJitter(attempt, this.#options, random)
  }
}

function retryAfterOf(error: unknown): number {
  const known = error instanceof Error && 'retryAfterMs' in error ? error.retryAfterMs : 0
  return typeof known === 'number' ? known : 0
}
