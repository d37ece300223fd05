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

/** Counters that are remembered for each limit. */
const maxCounters = 10_000

/** What is left on a counter, and when it is full again, on the clock of `performance`. */
type Counters = Map<string, { remaining: number; fullAt: number }>

export type LimitMeter = ReturnType<typeof limitMeter>

/** Records what limits decide. */
export function limitMeter(metrics: Metrics) {
  const { checks, hits, remaining, clients } = metrics.of(rateLimitMetrics)
  const limiters = new Map<string, Counters>()

  metrics.onCollect(() => {
    const now = performance.now()
    remaining.clear()
    for (const [limiter, counters] of limiters) {
      for (const [id, { fullAt }] of counters) if (fullAt <= now) counters.delete(id)
      clients.with({ limiter }).set(counters.size)
      const left = [...counters.values()].map((counter) => counter.remaining)
      if (left.length > 0) remaining.with({ limiter }).set(left.reduce((a, b) => Math.min(a, b)))
    }
  })

  return {
    /** Shows a limit that nobody has met yet. */
    add(limiter: string, http_route?: string): void {
      checks.init({ limiter })
      if (http_route !== undefined) hits.init({ limiter, http_route })
      if (!limiters.has(limiter)) limiters.set(limiter, new Map())
    },

    decided({ name, counterPrefix }: Rule, key: string, decision: Decision): void {
      const result = decision.allowed ? 'allowed' : 'rejected'
      checks.with({ limiter: name, result }).inc()
      const counters = limiters.get(name)
      const id = counterPrefix + key
      const fullAt = performance.now() + decision.resetAfterMs
      if (!counters || (counters.size >= maxCounters && !counters.has(id))) return
      counters.set(id, { remaining: decision.remaining, fullAt })
    },

    refused: ({ name: limiter }: Rule, http_route: string) =>
      hits.with({ limiter, http_route }).inc(),

    /** The store couldn't be asked. */
    missed: ({ name: limiter }: Rule) => checks.with({ limiter, result: 'error' }).inc(),
  }
}
