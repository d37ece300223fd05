import fp from 'fastify-plugin'

/**
 * Reports how long a request took: `Server-Timing` in milliseconds, `X-Process-Time` in seconds. Not
 * in production, where it would help attackers who measure.
 *
 * @see https://www.w3.org/TR/server-timing/
 */
export const timing = fp(
  async (app) => {
    if (app.config.app.environment === 'production') return

    app.addHook('onSend', (_request, reply, payload, done) => {
      const { elapsedTime } = reply
      reply.header('server-timing', `app;dur=${elapsedTime.toFixed(3)}`)
      reply.header('x-process-time', (elapsedTime / 1_000).toFixed(6))
      done(null, payload)
    })
  },
  { name: 'timing' },
)
