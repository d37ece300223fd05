import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

type Listener = (signal: NodeJS.Signals) => void

/** The part of `process` that is needed here. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: Listener): unknown
  off(signal: NodeJS.Signals, listener: Listener): unknown
}

/** A terminal and npm may pass on the same Ctrl-C: what follows within this many ms is no second. */
const echo = 300

/** How long after an answer its client may ask again on the same connection, in ms. */
const quietMs = 500

const signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT']

/** Whether it is the name of a signal that asks the service to end. */
export function isStopSignal(value: unknown): value is NodeJS.Signals {
  return signals.some((signal) => signal === value)
}

/** Calls `stop` at the first stop signal. A second one ends the process at once. */
export function onStopSignal(source: SignalSource, stop: Listener): void {
  let stopping = false
  const listener: Listener = (signal) => {
    if (stopping) return
    stopping = true
    setTimeout(() => {
      for (const each of signals) source.off(each, listener)
    }, echo).unref()
    stop(signal)
  }
  for (const signal of signals) source.on(signal, listener)
}

/**
 * Ends the service gracefully at the first stop signal: it is not ready from then on, open requests
 * are answered, and the process ends by itself with exit code 0. An error that nobody caught does
 * the same without `SHUTDOWN_DELAY_MS` and with exit code 1. A second signal, a second such error,
 * and one during a shutdown end the process at once. Past `SHUTDOWN_TIMEOUT_MS` it crashes, with
 * exit code 1.
 */
export function leaveGracefully(app: FastifyInstance, host: NodeJS.Process): void {
  const leave = (delay: number) => {
    host.off('uncaughtException', crash)
    void close(app, delay)
  }
  const crash = () => {
    host.exitCode = 1
    leave(0)
  }
  host.on('uncaughtExceptionMonitor', (error) => app.log.fatal({ err: error }, 'crashed'))
  host.on('uncaughtException', crash)
  onStopSignal(host, (signal) => {
    if (app.draining.active) return
    app.log.info({ signal }, 'shutting down')
    leave(app.config.server.shutdownDelayMs)
  })
}

async function close(app: FastifyInstance, delay: number): Promise<void> {
  const { shutdownTimeoutMs } = app.config.server
  const quiet = app.config.app.environment === 'development' ? 0 : quietMs
  app.draining.begin()
  await sleep(delay)
  // An error that nobody catches ends the process whatever still keeps it busy.
  const deadline = setTimeout(() => {
    throw new Error(`The shutdown took longer than ${shutdownTimeoutMs} ms`)
  }, shutdownTimeoutMs)
  deadline.unref()
  await app.draining.settle(quiet, shutdownTimeoutMs / 2)
  await app.close()
  app.log.info('shut down')
}
