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

/** Records what limits decide. */
export class LimitMeter {
  readonly #metrics
  readonly #limiters = new Map<string, Counters>()

  constructor(metrics: Metrics) {
    this.#metrics = metrics.of(rateLimitMetrics)
    metrics.onCollect(() => this.#measureClients())
  }

  /** Shows a limit that nobody has met yet. */
  add(limiter: string, http_route?: string): void {
    this.#metrics.checks.init({ limiter })
    if (http_route !== undefined) this.#metrics.hits.init({ limiter, http_route })
    if (!this.#limiters.has(limiter)) this.#limiters.set(limiter, new Map())
  }

  decided({ name, counterPrefix }: Rule, key: string, decision: Decision): void {
    const result = decision.allowed ? 'allowed' : 'rejected'
    this.#metrics.checks.with({ limiter: name, result }).inc()
    const counters = this.#limiters.get(name)
    const id = counterPrefix + key
    const known = counters?.get(id)
    const counter = known ?? { remaining: 0, fullAt: 0 }
    counter.remaining = decision.remaining
    counter.fullAt = performance.now() + decision.resetAfterMs
    if (!known && counters && counters.size < maxCounters) counters.set(id, counter)
  }

  refused({ name: limiter }: Rule, http_route: string): void {
    this.#metrics.hits.with({ limiter, http_route }).inc()
  }

  /** The store couldn't be asked. */
  missed({ name: limiter }: Rule): void {
    this.#metrics.checks.with({ limiter, result: 'error' }).inc()
  }

  #measureClients(): void {
    const { remaining, clients } = this.#metrics
    const now = performance.now()
    remaining.clear()
    for (const [limiter, counters] of this.#limiters) {
      for (const [id, { fullAt }] of counters) if (fullAt <= now) counters.delete(id)
      clients.with({ limiter }).set(counters.size)
      const left = [...counters.values()].map((counter) => counter.remaining)
      if (left.length > 0) remaining.with({ limiter }).set(left.reduce((a, b) => Math.min(a, b)))
    }
  }
}
