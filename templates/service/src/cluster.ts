import cluster, { type Worker } from 'node:cluster'
import { pino } from 'pino'
import type { Config } from './config/index.ts'
import { isStopSignal } from './http/shutdown.ts'
import { loggerOptions, logStream } from './observability/logger.ts'
import { Primary } from './primary.ts'

/** Serves in this process; calls `onClose` when requests have been answered for the last time. */
export type Serve = (config: Config, onClose: () => void) => Promise<void>

/** Runs `serve` in `WORKERS` processes that share one port; the first process watches them. */
export async function runWorkers(config: Config, serve: Serve): Promise<void> {
  if (cluster.worker) return work(cluster.worker, config, serve)
  const log = pino(loggerOptions(config), logStream(config, process.stdout))
  new Primary(config.server, log, cluster, process).start()
}

async function work(worker: Worker, config: Config, serve: Serve): Promise<void> {
  process.on('message', (message) => {
    // Unlike a second signal, a message after the echo of the first one ends nothing.
    if (isStopSignal(message)) process.emit(message, message)
  })
  try {
    // While it is connected to the primary, a process does not end by itself.
    await serve(config, () => worker.disconnect())
  } catch (error) {
    worker.disconnect()
    throw error
  }
}
