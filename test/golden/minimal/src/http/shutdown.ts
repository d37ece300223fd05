import type { Socket } from 'node:net'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { errorMetrics } from './metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** While active, the service isn't ready, and every response ends its connection. */
    draining: { active: boolean }
  }
}

/** The parts of `process` that are used here. */
export type Host = Pick<NodeJS.Process, 'on' | 'off' | 'exit' | 'exitCode'>

export type Stop = (signal: NodeJS.Signals) => void

/** A terminal and npm may both pass on one Ctrl-C: signals this soon (ms) after the first are it. */
const echoMs = 1_000

/**
 * Handles stop signals from now on: the first one calls what was passed to the returned function, or
 * ends the process if nothing was, because it is still starting. A second one ends the process. It
 * exits by itself, since signals have no default action for PID 1, which a container's process is.
 */
export function handleStopSignals(host: Host): (stop: Stop) => void {
  const exit: Stop = (signal) => host.exit(128 + constants.signals[signal])
  let stop = exit
  let firstAt: number | undefined

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.on(signal, () => {
      if (firstAt === undefined) {
        firstAt = performance.now()
        stop(signal)
      } else if (performance.now() - firstAt > echoMs) {
        exit(signal)
      }
    })
  }
  return (handler) => {
    stop = handler
  }
}

/** How long (ms) clients have to learn that their connections end, if any are connected. */
const minDrainMs = 500

/**
 * Returns what stops the service gracefully: it isn't ready any more, each response ends its
 * connection, and after `SHUTDOWN_DELAY_MS` it stops listening, answers open requests and exits with
 * code 0. An uncaught error does the same without the delay, and with exit code 1. A second error,
 * or a shutdown that takes longer than `SHUTDOWN_TIMEOUT_MS`, ends the process at once.
 */
export function gracefulStop(app: FastifyInstance, host: Host): Stop {
  const { shutdownDelayMs, shutdownTimeoutMs } = app.config.server

  async function close(delayMs: number): Promise<void> {
    // Node would print an error that nothing handles as it is, with whatever the message holds.
    host.off('uncaughtException', crash)
    host.on('uncaughtException', () => host.exit(1))
    app.draining.active = true
    const connections = await promisify(app.server.getConnections.bind(app.server))()
    await sleep(Math.max(delayMs, connections > 0 ? minDrainMs : 0))
    setTimeout(() => {
      app.log.fatal(`The shutdown took longer than ${shutdownTimeoutMs} ms`)
      host.exit(1)
    }, shutdownTimeoutMs).unref()
    await app.close()
    app.log.info('shut down')
  }

  function crash(): void {
    host.exitCode = 1
    void close(0)
  }
  host.on('uncaughtExceptionMonitor', (error, kind) => {
    app.metrics.of(errorMetrics).unhandled.with({ kind }).inc()
    app.log.fatal({ err: error }, 'crashed')
  })
  host.on('uncaughtException', crash)

  return (signal) => {
    if (app.draining.active) return
    app.log.info({ signal }, 'shutting down')
    void close(shutdownDelayMs)
  }
}

/** How long (ms) a new connection may take to bring its first request once the service closes. */
const firstRequestMs = 500

/** Sends clients elsewhere while the service still answers. */
export const draining = fp(
  async (app) => {
    app.decorate('draining', { active: false })

    app.addHook('onSend', (_request, reply, payload, done) => {
      if (app.draining.active) reply.header('connection', 'close')
      done(null, payload)
    })

    const sockets = new Set<Socket>()
    app.server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })

    app.addHook('preClose', (done) => {
      app.draining.active = true
      // Node closes connections that have become idle, but waits for a first request on new ones.
      setTimeout(() => {
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      }, firstRequestMs).unref()
      done()
    })
  },
  { name: 'draining' },
)
