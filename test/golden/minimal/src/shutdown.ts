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
 * are answered, and the process ends by itself with exit code 0. A second signal ends it at once.
 * Past `SHUTDOWN_TIMEOUT_MS` it crashes, with exit code 1.
 */
export function closeOnSignal(app: FastifyInstance, source: SignalSource): void {
  onStopSignal(source, (signal) => {
    if (app.draining.active) return
    app.log.info({ signal }, 'shutting down')
    void close(app)
  })
}

async function close(app: FastifyInstance): Promise<void> {
  const { shutdownDelayMs, shutdownTimeoutMs } = app.config.server
  app.draining.begin()
  await sleep(shutdownDelayMs)
  // An error that nobody catches ends the process whatever still keeps it busy.
  const deadline = setTimeout(() => {
    throw new Error(`The shutdown took longer than ${shutdownTimeoutMs} ms`)
  }, shutdownTimeoutMs)
  deadline.unref()
  await app.close()
  app.log.info('shut down')
}
