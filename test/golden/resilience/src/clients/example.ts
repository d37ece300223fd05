import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts'
import { HttpClient } from '../resilience/http-client.ts'
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

/** Adds `app.exampleClient`. */
export const exampleClient = fp(
  async (app) => {
    const { exampleUrl } = app.config.resilience
    if (exampleUrl === undefined) return
    app.decorate('exampleClient', new ExampleClient(exampleUrl, app.createBreaker('example')))
  },
  { name: 'example-client', dependencies: ['resilience'] },
)
