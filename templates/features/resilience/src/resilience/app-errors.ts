import { AppError, CircuitBreakerOpenError, ServiceUnavailableError } from '../http/app-error.ts'
import { BulkheadFullError, CircuitOpenError, HttpStatusError, TimeoutError } from './errors.ts'
import { isFetchFailure, isTransientStatus } from './transient.ts'

/** Seconds after which a client may try again where nobody knows better. */
const usualRetryAfter = 5

/** Longest time that a client is told to wait, in seconds. */
const longestRetryAfter = 3_600

const unavailable = 'Something that the service needs is not available at the moment.'

/**
 * Turns what became of a call to another service into the error that a client should see: 504 for
 * one that took too long, 503 for one that was refused or failed. Anything else is left to others:
 * a 4xx of another service is no fault of our client.
 */
export function mapResilienceError(error: unknown): AppError | undefined {
  if (error instanceof CircuitOpenError) {
    return new CircuitBreakerOpenError(unavailable, secondsOf(error.retryAfterMs), { cause: error })
  }
  if (error instanceof HttpStatusError && isTransientStatus(error.status)) {
    return unavailableFor(error.retryAfterMs, error)
  }
  if (error instanceof BulkheadFullError) {
    const detail = 'The service has too much to do at the moment.'
    return new ServiceUnavailableError(detail, 1, { cause: error })
  }
  if (error instanceof TimeoutError) {
    return new AppError(504, 'Something that the service needs took too long.', { cause: error })
  }
  return isFetchFailure(error) ? unavailableFor(undefined, error) : undefined
}

function unavailableFor(ms: number | undefined, cause: unknown): AppError {
  return new ServiceUnavailableError(unavailable, secondsOf(ms), { cause })
}

function secondsOf(ms: number | undefined): number {
  const seconds = ms === undefined ? usualRetryAfter : Math.ceil(ms / 1000)
  return Math.min(Math.max(seconds, 1), longestRetryAfter)
}
