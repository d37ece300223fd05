import fp from 'fastify-plugin'
import { Connections } from './connections.ts'

/** Whether the service is about to leave. */
export interface Draining {
  readonly active: boolean
  /** From now on the service is not ready, and connections end with their response. */
  begin(): void
  /** Stops listening; resolves when no client is about to ask for something, see `Connections`. */
  settle(quiet: number, limit: number): Promise<void>
}

declare module 'fastify' {
  interface FastifyInstance {
    draining: Draining
  }
}

/** Sends clients elsewhere while the service still answers. */
export const draining = fp(
  async (app) => {
    const connections = new Connections(app.server)
    let active = false
    const draining: Draining = {
      get active() {
        return active
      },
      begin() {
        active = true
      },
      settle: (quiet, limit) => connections.settle(quiet, limit),
    }
    app.decorate('draining', draining)

    app.addHook('onSend', (_request, reply, payload, done) => {
      if (!active) return done(null, payload)
      // By then what has arrived together with the request is known as well.
      setImmediate(() => {
        if (connections.isLast(reply.raw)) reply.header('connection', 'close')
        // Fastify sets it by itself, and what was asked after it would get no answer.
        else reply.raw.removeHeader('connection')
        done(null, payload)
      })
    })

    app.addHook('preClose', (done) => {
      draining.begin()
      done()
    })
  },
  { name: 'draining' },
)
