import type { Decision } from './limiter.ts'
import type { Rule } from './rule.ts'

/**
 * GCRA, in the form of a bucket that leaks: each request pours `cost` × window into it, it leaks
 * `limit` a microsecond, and holds limit × window. Every number is whole, so nothing is lost to
 * rounding, and a client never gets more than the limit plus the time × limit / window.
 *
 * @see ITU-T I.371, annex A: "continuous-state leaky bucket", equivalent to virtual scheduling
 */
export interface Bucket {
  /** What is in it, in units of cost × microseconds. */
  level: number
  /** When that was so, in microseconds. */
  at: number
}

/**
 * What is still in the bucket at a time. A clock that went back lets nothing leak until it is where
 * it was: `at` never goes back either, or the same time would leak twice.
 */
export function levelAt({ level, at }: Bucket, { limit }: Rule, now: number): number {
  return Math.max(0, level - limit * Math.max(0, now - at))
}

/** Whether a request fits on top of the level. */
export function fits(level: number, { limit, windowUs }: Rule, cost: number): boolean {
  return level + cost * windowUs <= limit * windowUs
}

/** What a client is told, by the level after the request. */
export function bucketDecision(
  allowed: boolean,
  level: number,
  { limit, windowUs }: Rule,
  cost: number,
): Decision {
  const free = limit * windowUs - level
  const remaining = Math.max(0, Math.floor(free / windowUs))
  return {
    allowed,
    limit,
    remaining,
    nextAfterMs: level === 0 ? 0 : Math.ceil(((remaining + 1) * windowUs - free) / limit) / 1_000,
    resetAfterMs: Math.ceil(level / limit) / 1_000,
    retryAfterMs: allowed ? 0 : Math.ceil((cost * windowUs - free) / limit) / 1_000,
  }
}

/** The same in Redis: gives whether the request is allowed, and the level after it. */
export const bucketScript = `
local window, limit, cost, take = string.match(ARGV[1], '^(%d+) (%d+) (%d+) (%d)$')
window, limit, cost = tonumber(window), tonumber(limit), tonumber(cost)
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local level, since = 0, now
local kept = redis.call('GET', KEYS[1])
if kept then
  local before, at = string.match(kept, '^(%d+) (%d+)$')
  since = math.max(now, at)
  level = math.max(0, before - limit * (since - at))
end
if level + cost * window > limit * window then return {0, level} end
if take == '1' then
  level = level + cost * window
  local value = string.format('%.0f %.0f', level, since)
  redis.call('SET', KEYS[1], value, 'PX', math.ceil((level / limit + since - now) / 1000) + 1)
end
return {1, level}
`
