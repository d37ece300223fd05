import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { userTypeOf } from '../http/metering.ts'
import { problems } from '../http/problem.ts'
import { businessMetrics } from '../observability/business.ts'
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts'
import { failureType, HttpClient } from '../resilience/http-client.ts'
import { Bulkhead, policy } from '../resilience/policy.ts'

// An example: copy it for a service that you call, or delete it. docs/resilience.md says how.

const Price = Type.Object({ amount: Type.String(), currency: Type.String() })
export type Price = Static<typeof Price>

/** A client of the example service, with a method for each endpoint that is called. */
export class ExampleClient {
  readonly #http: HttpClient

  constructor(baseUrl: string, breaker: CircuitBreaker) {
    this.#http = new HttpClient({
      baseUrl,
      policy: policy({
        totalTimeoutMs: 5_000,
        retry: { attempts: 3 },
        breaker,
        bulkhead: new Bulkhead({ concurrency: 20, queue: 50 }),
        timeoutMs: 1_500,
      }),
    })
  }

  /**
   * Returns the price of a product.
   *
   * @param signal cancels the call, such as `request.signal`
   */
  async getPrice(sku: string, signal: AbortSignal): Promise<Price> {
    const path = `/prices/${encodeURIComponent(sku)}`
    const { body } = await this.#http.request(path, { schema: Price, signal })
    return body
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined unless EXAMPLE_URL is set. */
    exampleClient?: ExampleClient
  }
}

/** Adds `app.exampleClient`, and a route that uses it. */
export const exampleClient = fp(
  async (app) => {
    const { resilience, security, server } = app.config
    const { exampleUrl } = resilience
    if (exampleUrl === undefined) return
    const client = new ExampleClient(exampleUrl, app.createBreaker('example'))
    app.decorate('exampleClient', client)
    // Without auth nothing guards the route.
    if (app.identify === undefined && security.unguardedRoutes === 'refuse') return
    await app.register(prices, { prefix: `${server.apiPrefix}/price-checks`, client })
  },
  { name: 'example-client', dependencies: ['resilience'] },
)

const PriceCheck = Type.Object({ sku: Type.String(), ok: Type.Boolean() })
const checkPrices = {
  config: { access: 'authenticated' },
  schema: {
    summary: 'Check prices',
    tags: ['examples'],
    querystring: Type.Object({ sku: Type.Array(Type.String(), { minItems: 1, maxItems: 20 }) }),
    response: { 200: Type.Object({ data: Type.Array(PriceCheck) }), ...problems(422) },
  },
} as const

/** Looks up several prices, and records what came of it in metrics of the business. */
const prices: FastifyPluginAsyncTypebox<{ client: ExampleClient }> = async (app, { client }) => {
  const { records, issues, failures, usage, duration } = app.metrics.of(businessMetrics)
  const operation = 'check_price'
  const feature_name = 'price_checks'

  app.get('', checkPrices, async (request) => {
    usage.with({ feature_name, user_type: userTypeOf(request) }).inc()
    const check = async (sku: string) => {
      try {
        const { amount } = await client.getPrice(sku, request.signal)
        records.with({ operation, status: 'success' }).inc()
        const ok = Number(amount) > 0
        if (!ok) issues.with({ issue_type: 'price_not_positive' }).inc()
        return { sku, ok }
      } catch (error) {
        records.with({ operation, status: 'failure' }).inc()
        failures.with({ feature_name, error_type: failureType(error) }).inc()
        return { sku, ok: false }
      }
    }
    const start = performance.now()
    const data = await Promise.all(request.query.sku.map(check))
    duration.with({ operation }).observe((performance.now() - start) / 1_000)
    return { data }
  })
}
