import type { Decision } from './limiter.ts'
import type { Rule } from './rules.ts'

/**
 * GCRA as a leaky bucket: a request pours in `cost` × window, the bucket leaks `limit` a
 * millisecond and holds `limit` × window. All numbers are whole, so nothing is lost to rounding, and
 * a client never gets more than the limit plus time × limit / window.
 *
 * @see ITU-T I.371, annex A: "continuous-state leaky bucket algorithm"
 */
export interface Bucket {
  /** Content, in units of cost × milliseconds. */
  level: number
  /** When it had that content, in milliseconds. */
  at: number
}

/** Pours `cost` into the bucket if it fits; a cost of 0 only looks. `now` is in milliseconds. */
export function pour(bucket: Bucket, rule: Rule, cost: number, now: number): Decision {
  const { limit, windowMs } = rule
  // While the clock is behind `at` nothing leaks, or the same time would leak twice.
  const level = Math.max(0, bucket.level - limit * Math.max(0, now - bucket.at))
  const poured = level + cost * windowMs
  if (poured > limit * windowMs) return bucketDecision(rule, cost, [0, level])
  if (cost > 0) {
    bucket.level = poured
    bucket.at = Math.max(now, bucket.at)
  }
  return bucketDecision(rule, cost, [1, poured])
}

/** Whether a request is allowed, and the level of its bucket after it. */
export type BucketState = [allowed: number, level: number]

export function bucketDecision(rule: Rule, cost: number, [fits, level]: BucketState): Decision {
  const { limit, windowMs } = rule
  const allowed = fits === 1
  const free = limit * windowMs - level
  const remaining = Math.max(0, Math.floor(free / windowMs))
  const leakedAfterMs = (amount: number) => Math.ceil(amount / limit)
  return {
    allowed,
    remaining,
    nextAfterMs: level === 0 ? 0 : leakedAfterMs((remaining + 1) * windowMs - free),
    resetAfterMs: leakedAfterMs(level),
    retryAfterMs: allowed ? 0 : leakedAfterMs(cost * windowMs - free),
  }
}

/** The same for Redis; returns a `BucketState`. */
export const bucketScript = `
local window, limit, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local level, at = 0, now
local saved = redis.call('GET', KEYS[1])
if saved then
  local before, since = string.match(saved, '^(%d+) (%d+)$')
  at = math.max(now, since)
  level = math.max(0, before - limit * (at - since))
end
if level + cost * window > limit * window then return {0, level} end
if cost > 0 then
  level = level + cost * window
  local value = string.format('%.0f %.0f', level, at)
  redis.call('SET', KEYS[1], value, 'PX', math.ceil(level / limit) + at - now + 1)
end
return {1, level}
`

/** When each unit of cost was used, in milliseconds, oldest first. Equal times all count. */
export type Log = number[]

/**
 * Adds `cost` units to the log if they fit into the window; a cost of 0 only looks. Units older than
 * the window leave the log. Where the clock steps back, time stands still, so that the log stays in
 * order and nobody gets more than the limit.
 */
export function slide(log: Log, rule: Rule, cost: number, clock: number): Decision {
  const { limit, windowMs } = rule
  const now = Math.max(clock, log.at(-1) ?? 0)
  const kept = log.findIndex((time) => time + windowMs > now)
  log.splice(0, kept === -1 ? log.length : kept)
  const excess = log.length + cost - limit
  if (excess <= 0) for (let unit = 0; unit < cost; unit += 1) log.push(now)
  /** Milliseconds until so many of the oldest units have left the window. */
  const leftAfter = (units: number) => {
    const unit = log[Math.min(units, log.length) - 1]
    return unit === undefined ? 0 : unit + windowMs - now
  }
  const count = log.length
  const allowed = excess <= 0 ? 1 : 0
  const nextMs = leftAfter(Math.max(1, count + 1 - limit))
  return windowDecision(rule, [allowed, count, leftAfter(excess), nextMs, leftAfter(count)])
}

/**
 * Whether the request is allowed, the units in the window after it, and milliseconds until it would
 * be allowed, until one more unit is free, and until the window is empty.
 */
export type WindowState = [number, number, number, number, number]

export function windowDecision({ limit }: Rule, state: WindowState): Decision {
  const [allowed, count, retryAfterMs, nextAfterMs, resetAfterMs] = state
  return {
    allowed: allowed === 1,
    remaining: Math.max(0, limit - count),
    nextAfterMs,
    resetAfterMs,
    retryAfterMs,
  }
}

/** The same for Redis, on a list; returns a `WindowState`. */
export const windowScript = `
local window, limit, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local key = KEYS[1]
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local now = math.max(clock, tonumber(redis.call('LINDEX', key, -1)) or 0)
while (tonumber(redis.call('LINDEX', key, 0)) or now) + window <= now do redis.call('LPOP', key) end
local count = redis.call('LLEN', key)
local excess = count + cost - limit
if excess <= 0 and cost > 0 then
  local entry = string.format('%.0f', now)
  for unit = 1, cost do redis.call('RPUSH', key, entry) end
  redis.call('PEXPIRE', key, window + now - clock + 1)
  count = count + cost
end
local function left_after(units)
  if count == 0 or units <= 0 then return 0 end
  return redis.call('LINDEX', key, math.min(units, count) - 1) + window - now
end
local next = left_after(math.max(1, count + 1 - limit))
return {excess > 0 and 0 or 1, count, left_after(excess), next, left_after(count)}
`
