import type { FastifyReply, FastifyRequest } from 'fastify'
import { RateLimitError } from '../http/app-error.ts'
import type { Decision, Limiter } from './limiter.ts'
import type { Refusals } from './refusals.ts'
import type { RouteRules } from './route-rules.ts'
import type { Rule } from './rule.ts'

type Done = (error?: Error) => void

/** One question to the limiter. */
export interface Ask {
  rule: Rule
  key: string
  cost: number
}

/** What requests are limited by, and what became of them. */
export class RateLimits {
  /** Replaced by the shared one as soon as the service has a Redis. */
  limiter: Limiter
  /** Replaced likewise. */
  refusals: Refusals
  /** Every scope that is limited, by its name. */
  readonly scopes = new Map<string, RouteRules>()
  readonly #enforced: boolean

  /** @param mode whether what is too much is refused, or only counted and logged */
  constructor(mode: 'enforce' | 'report-only', limiter: Limiter, refusals: Refusals) {
    this.#enforced = mode === 'enforce'
    this.limiter = limiter
    this.refusals = refusals
  }

  /**
   * Lets a request pass, or refuses it with a 429; either way the response says how much is left.
   * Counters in memory are asked without a promise.
   */
  pass(request: FastifyRequest, reply: FastifyReply, done: Done, ask: Ask): void {
    const failed = (error: unknown) => done(this.#enforced ? (error as Error) : undefined)
    try {
      const decision = this.limiter.check(ask.key, ask.rule, ask.cost)
      if (!(decision instanceof Promise)) this.#settle(request, reply, done, ask, decision)
      else decision.then((it) => this.#settle(request, reply, done, ask, it), failed)
    } catch (error) {
      failed(error)
    }
  }

  #settle(
    request: FastifyRequest,
    reply: FastifyReply,
    done: Done,
    { rule, key, cost }: Ask,
    decision: Decision,
  ): void {
    if (this.#enforced) announce(request, reply, rule, cost, decision)
    if (decision.allowed) {
      done()
      return
    }
    this.refusals.add({
      client: key,
      route: `${request.method} ${request.routeOptions.url ?? '(no route)'}`,
      agent: request.headers['user-agent'] ?? '(none)',
    })
    if (this.#enforced) {
      done(new RateLimitError(decision.retryAfterMs / 1_000))
      return
    }
    request.log.warn({ limit: rule.name, scope: rule.scope, client: key }, 'would be rate limited')
    done()
  }
}

/**
 * Where several limits apply, the headers are those of the one that refuses, else of the one with
 * the fewest requests left: what is left in units says little where requests differ in cost.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
function announce(
  request: FastifyRequest,
  reply: FastifyReply,
  rule: Rule,
  cost: number,
  decision: Decision,
): void {
  const { allowed, limit, remaining, nextAfterMs, resetAfterMs } = decision
  const requests = Math.floor(remaining / cost)
  if (allowed && requests >= request.requestsLeft) return
  request.requestsLeft = requests
  reply.header('ratelimit-policy', rule.policy)
  reply.header('ratelimit', `"${rule.name}";r=${remaining};t=${Math.ceil(nextAfterMs / 1_000)}`)
  reply.header('x-ratelimit-limit', limit)
  reply.header('x-ratelimit-remaining', remaining)
  reply.header('x-ratelimit-reset', Math.ceil((Date.now() + resetAfterMs) / 1_000))
}
