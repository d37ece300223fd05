/** A number from 0 up to, and without, 1. */
export type Random = () => number

/**
 * How long to wait after the failed attempt number `attempt` (from 1), in milliseconds: anything
 * from nothing to `baseMs` · 2^(attempt - 1), and never more than `maxMs`. This is "full jitter",
 * which spreads the callers of a dead service best.
 *
 * @see Marc Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015:
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitter(
  attempt: number,
  { baseMs, maxMs }: { readonly baseMs: number; readonly maxMs: number },
  random: Random,
): number {
  return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1))
}
