export type Algorithm = 'token-bucket' | 'sliding-window'

/** What a rule is made of. */
export interface RuleInit {
  /** Its name in headers and logs. */
  name: string
  /** What is counted: requests with the same scope and the same key share a counter. */
  scope: string
  algorithm: Algorithm
  /** What a client may do in a window, in units of cost; a whole number of at least 1. */
  limit: number
  /** In seconds; parts of a second are possible. */
  window: number
}

/** How much a client may do. */
export interface Rule extends RuleInit {
  /** The window in microseconds, a whole number. */
  windowUs: number
  /** What the names of its counters begin with. */
  id: string
  /** The header `RateLimit-Policy`. */
  policy: string
}

/** Longest window that is counted, in seconds: a year. */
const longest = 31_536_000

/** Whether products of limit and microseconds stay whole numbers. */
export function countable(limit: number, window: number): boolean {
  return limit * window * 1_000_000 <= Number.MAX_SAFE_INTEGER
}

/** @throws {Error} if the limit or the window cannot be counted */
export function makeRule({ name, scope, algorithm, limit, window }: RuleInit): Rule {
  const windowUs = Math.round(window * 1_000_000)
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new Error(
      `A rate limit must be a whole number of at least 1; that of ${scope} is ${limit}.`,
    )
  }
  if (!(windowUs >= 1_000 && window <= longest)) {
    throw new Error(
      `The window of a rate limit lasts a millisecond to a year: ${scope} has ${window}.`,
    )
  }
  if (!countable(limit, window)) {
    throw new Error(
      `The rate limit of ${scope} is too large to be counted: ${limit} in ${window} s.`,
    )
  }
  return Object.freeze({
    name,
    scope,
    algorithm,
    limit,
    window,
    windowUs,
    id: `rate-limit:${algorithm}:${window}:${scope}:`,
    policy: `"${name}";q=${limit};w=${Math.ceil(window)}`,
  })
}
