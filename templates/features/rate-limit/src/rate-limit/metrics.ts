import { LRUCache } from 'lru-cache'
import { counter, defineMetrics, gauge } from '../observability/metric-definitions.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Decision } from './limiter.ts'
import type { Rule } from './rules.ts'

const limit = { limiter: String } as const
const min = { across: 'min' } as const

/**
 * The gauges are about counters that this process has seen. While Redis is away, a check is an
 * `error`, and also what the process decides by itself.
 */
export const rateLimitMetrics = defineMetrics('Rate limiting', {
  checks: counter('rate_limit_checks_total', 'Checks of requests.', {
    ...limit,
    result: ['allowed', 'rejected', 'error'],
  }),
  hits: counter('rate_limit_hits_total', 'Requests over a limit.', {
    ...limit,
    http_route: String,
  }),
  remaining: gauge('rate_limit_remaining', 'What the busiest client has left.', limit, min),
  clients: gauge('rate_limit_tracked_keys', 'Counters in use.', limit),
})

/** Counters that are remembered for each limit: those used last. */
const maxCounters = 10_000

export type LimitMeter = ReturnType<typeof limitMeter>

/** Records what limits decide. */
export function limitMeter(metrics: Metrics) {
  const { checks, hits, remaining, clients } = metrics.of(rateLimitMetrics)
  /** What is left on the counters of each limit. They are forgotten once they are full again. */
  const limiters = new Map<string, LRUCache<string, number>>()

  metrics.onCollect(() => {
    remaining.clear()
    for (const [limiter, counters] of limiters) {
      counters.purgeStale()
      clients.with({ limiter }).set(counters.size)
      if (counters.size > 0) remaining.with({ limiter }).set(Math.min(...counters.values()))
    }
  })

  return {
    /** Shows a limit that nobody has met yet. */
    add(limiter: string, http_route?: string): void {
      checks.init({ limiter })
      if (http_route !== undefined) hits.init({ limiter, http_route })
      if (!limiters.has(limiter)) limiters.set(limiter, new LRUCache({ max: maxCounters }))
    },

    decided({ name, counterPrefix }: Rule, key: string, decision: Decision): void {
      const result = decision.allowed ? 'allowed' : 'rejected'
      checks.with({ limiter: name, result }).inc()
      const { remaining, resetAfterMs } = decision
      limiters.get(name)?.set(counterPrefix + key, remaining, { ttl: resetAfterMs })
    },

    refused: ({ name: limiter }: Rule, http_route: string) =>
      hits.with({ limiter, http_route }).inc(),

    /** The store couldn't be asked. */
    missed: ({ name: limiter }: Rule) => checks.with({ limiter, result: 'error' }).inc(),
  }
}
