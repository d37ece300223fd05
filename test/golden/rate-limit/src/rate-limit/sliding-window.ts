import type { Decision } from './limiter.ts'
import type { Rule } from './rule.ts'

/**
 * When a client used up a unit, in microseconds, the oldest first. The same time may stand there
 * more than once, so that requests of the same moment all count.
 */
export type Log = number[]

/** What is known of a log before a request. */
export interface LogState {
  allowed: boolean
  /** Units in the window, with those of the request if it is allowed. */
  count: number
  /** Microseconds until the request would be allowed; 0 if it is. */
  retryUs: number
  /** Microseconds until a unit more is free; 0 if the window is empty. */
  nextUs: number
  /** Microseconds until the window is empty. */
  resetUs: number
}

/**
 * Looks at the units of the last window, and adds those of the request if they fit and `take` is
 * true. Units older than the window leave the log. Where the clock went back, time stands still:
 * the log stays in order, and nobody gets more than the limit.
 */
export function slide(log: Log, rule: Rule, cost: number, clock: number, take: boolean): LogState {
  const { limit, windowUs } = rule
  const now = Math.max(clock, log.at(-1) ?? 0)
  let gone = 0
  while (gone < log.length && (log[gone] ?? 0) + windowUs <= now) gone += 1
  if (gone > 0) log.splice(0, gone)
  const excess = log.length + cost - limit
  const allowed = excess <= 0
  if (allowed && take) for (let unit = 0; unit < cost; unit += 1) log.push(now)
  const last = log.at(-1)
  return {
    allowed,
    count: log.length,
    retryUs: allowed ? 0 : leaving(log, excess) + windowUs - now,
    nextUs:
      last === undefined ? 0 : leaving(log, Math.max(1, log.length + 1 - limit)) + windowUs - now,
    resetUs: last === undefined ? 0 : last + windowUs - now,
  }
}

/** When the unit came that has to leave last so that `excess` units have left. */
function leaving(log: Log, excess: number): number {
  return log[Math.min(excess, log.length) - 1] ?? 0
}

/** What a client is told. */
export function slidingDecision(state: LogState, { limit }: Rule): Decision {
  return {
    allowed: state.allowed,
    limit,
    remaining: Math.max(0, limit - state.count),
    nextAfterMs: state.nextUs / 1_000,
    resetAfterMs: state.resetUs / 1_000,
    retryAfterMs: state.retryUs / 1_000,
  }
}

/** The same in Redis, on a list; gives the five numbers of a `LogState`. */
export const slidingScript = `
local window, limit, cost, take = string.match(ARGV[1], '^(%d+) (%d+) (%d+) (%d)$')
window, limit, cost = tonumber(window), tonumber(limit), tonumber(cost)
local key = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local last = tonumber(redis.call('LINDEX', key, -1) or 0)
if last > now then now = last end
local first = redis.call('LINDEX', key, 0)
while first and first + window <= now do
  redis.call('LPOP', key)
  first = redis.call('LINDEX', key, 0)
end
local count = redis.call('LLEN', key)
local excess = count + cost - limit
local function next_after()
  return redis.call('LINDEX', key, math.max(0, count - limit)) + window - now
end
if excess > 0 then
  local leaving = redis.call('LINDEX', key, math.min(excess, count) - 1)
  return {0, count, leaving + window - now, next_after(), last + window - now}
end
if take == '1' then
  local entry = string.format('%.0f', now)
  for unit = 1, cost do redis.call('RPUSH', key, entry) end
  redis.call('PEXPIRE', key, math.ceil((window + now - time[1] * 1000000 - time[2]) / 1000) + 1)
  count = count + cost
  return {1, count, 0, next_after(), window}
end
if count == 0 then return {1, 0, 0, 0, 0} end
return {1, count, 0, next_after(), last + window - now}
`
