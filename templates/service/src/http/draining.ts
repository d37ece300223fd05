import type { Socket } from 'node:net'
import fp from 'fastify-plugin'

/** Whether the service is about to stop. */
export interface Draining {
  readonly active: boolean
  /** From now on the service isn't ready, and every response ends its connection. */
  begin(): void
}

declare module 'fastify' {
  interface FastifyInstance {
    draining: Draining
  }
}

/** How long (ms) a new connection may take to bring its first request once the service closes. */
const firstRequestMs = 500

/** Sends clients elsewhere while the service still answers. */
export const draining = fp(
  async (app) => {
    const draining = {
      active: false,
      begin() {
        draining.active = true
      },
    }
    app.decorate('draining', draining)

    app.addHook('onSend', (_request, reply, payload, done) => {
      if (draining.active) reply.header('connection', 'close')
      done(null, payload)
    })

    const sockets = new Set<Socket>()
    app.server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })

    app.addHook('preClose', (done) => {
      draining.begin()
      // Node closes connections that have become idle, but waits for a first request on new ones.
      setTimeout(() => {
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      }, firstRequestMs).unref()
      done()
    })
  },
  { name: 'draining' },
)
