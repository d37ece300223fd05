import type { Rule } from './rule.ts'

/** What a limiter says about a request. */
export interface Decision {
  allowed: boolean
  limit: number
  /** How many units of cost are left now. */
  remaining: number
  /** Until one unit more is there than `remaining`, in milliseconds; 0 if nothing is used up. */
  nextAfterMs: number
  /** Until nothing is used up any more, if nothing happens meanwhile, in milliseconds. */
  resetAfterMs: number
  /** Until the same request would be allowed, in milliseconds; 0 if it is. */
  retryAfterMs: number
}

/** At once where it is known here, else later. */
export type Eventually<T> = T | Promise<T>

/** Counts what clients do. One interface for both algorithms, in memory and in Redis. */
export interface Limiter {
  /** Uses up `cost` of what the rule allows to the client `key`, if there is as much. */
  check(key: string, rule: Rule, cost: number): Eventually<Decision>
  /** What a request of cost 1 would be told; changes nothing. */
  inspect(key: string, rule: Rule): Eventually<Decision>
  /** Forgets what the client has used up. */
  reset(key: string, rule: Rule): Eventually<void>
}
