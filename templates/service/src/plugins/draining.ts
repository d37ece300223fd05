import fp from 'fastify-plugin'

/** Whether the service is about to leave. */
export interface Draining {
  readonly active: boolean
  /** From now on the service is not ready, and connections end with their response. */
  begin(): void
}

declare module 'fastify' {
  interface FastifyInstance {
    draining: Draining
  }
}

/** Sends clients elsewhere while the service still answers. */
export default fp(
  async (app) => {
    let active = false
    const draining: Draining = {
      get active() {
        return active
      },
      begin() {
        active = true
      },
    }
    app.decorate('draining', draining)

    app.addHook('onSend', (_request, reply, payload, done) => {
      if (active) reply.header('connection', 'close')
      done(null, payload)
    })
    app.addHook('preClose', (done) => {
      draining.begin()
      done()
    })
  },
  { name: 'draining' },
)
