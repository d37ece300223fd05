import { HttpStatusError, TimeoutError } from './errors.ts'

const networkCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
])

/** Whether the same request may succeed a moment later: 408, 429 and 5xx. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** Whether a call that failed so may succeed a moment later. An open circuit is not of this kind. */
export function isTransient(error: unknown): boolean {
  if (error instanceof HttpStatusError) return isTransientStatus(error.status)
  return error instanceof TimeoutError || isNetworkError(error) || isFetchFailure(error)
}

/** Whether `fetch` got no response, or lost it while its body was read. */
export function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError && isNetworkError(error.cause)
}

/**
 * Whether an error speaks against the one who was called. A 4xx does not: there was an answer.
 * 429 does not either, though it is worth a retry.
 */
export function isFailureOfCallee(error: unknown): boolean {
  return !(error instanceof HttpStatusError) || error.status >= 500 || error.status === 408
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && networkCodes.has(String(error.code))
}
