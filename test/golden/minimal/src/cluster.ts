import nodeCluster, { type Cluster, type Worker } from 'node:cluster'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { type Logger, pino } from 'pino'
import type { Config } from './config/index.ts'
import type { Host, handleStopSignals } from './http/shutdown.ts'
import { type Family, mergeFamilies } from './observability/exposition.ts'
import { loggerOptions, logStream } from './observability/logger.ts'
import { createMasker } from './observability/masking.ts'
import type { Metrics } from './observability/metrics.ts'
import { servePages } from './observability/metrics-page.ts'

/** After this many workers in a row that ended soon after their start, the primary gives up. */
const maxFailures = 3

/** A worker that ran for this long (ms) had started well. */
const settledMs = 10_000

/** How much longer (ms) than `SHUTDOWN_TIMEOUT_MS` a worker may take before it is killed. */
const graceMs = 1_000

/**
 * Runs `serve` in `WORKERS` processes that share one port; the first process watches them.
 *
 * @param serve listens, and calls `onClose` once the last request has been answered
 */
export async function runWorkers(
  config: Config,
  onStop: ReturnType<typeof handleStopSignals>,
  serve: (config: Config, onClose: () => void) => Promise<Pick<FastifyInstance, 'metrics'>>,
): Promise<void> {
  if (nodeCluster.isPrimary) {
    const options = loggerOptions(config, createMasker(config.logging))
    const log = pino(options, logStream(config, process.stdout))
    if (config.metrics.port !== undefined) {
      const pages = await servePages(config, log, workerMetrics(nodeCluster))
      // The primary ends when its workers do.
      pages.unref()
    }
    onStop(startWorkers(config.server, log, nodeCluster, process))
    return
  }
  // A worker that is connected to the primary doesn't end by itself.
  const disconnect = () => nodeCluster.worker?.disconnect()
  try {
    const { metrics } = await serve(config, disconnect)
    if (nodeCluster.worker) answerPrimary(metrics, nodeCluster.worker)
  } catch (error) {
    disconnect()
    throw error
  }
}

/**
 * Starts the workers, replaces those that die, and returns what stops them. The first one starts
 * alone: it reports a fault of the configuration once, and migrates for all.
 */
export function startWorkers(
  config: Pick<Config['server'], 'workers' | 'shutdownDelayMs' | 'shutdownTimeoutMs'>,
  log: Pick<Logger, 'info' | 'warn' | 'fatal'>,
  cluster: Pick<Cluster, 'fork' | 'on'>,
  host: Pick<Host, 'exitCode'>,
): (signal: NodeJS.Signals) => void {
  const { workers, shutdownDelayMs, shutdownTimeoutMs } = config
  const startedAt = new Map<Worker, number>()
  const listening = new Set<Worker>()
  let hasServed = false
  let isStopping = false
  let failures = 0

  const start = () => startedAt.set(cluster.fork(), performance.now())
  const kill = (signal: NodeJS.Signals) => {
    for (const worker of startedAt.keys()) worker.process.kill(signal)
  }

  function stop(signal: NodeJS.Signals): void {
    isStopping = true
    kill(signal)
    setTimeout(kill, shutdownDelayMs + shutdownTimeoutMs + graceMs, 'SIGKILL').unref()
  }

  cluster.on('listening', (worker) => {
    // A worker may listen on several addresses.
    if (isStopping || listening.has(worker)) return
    listening.add(worker)
    if (!hasServed) for (let count = 1; count < workers; count += 1) start()
    hasServed = true
    if (listening.size === workers) log.info({ workers }, 'every worker listens')
  })

  cluster.on('exit', (worker, code, signal) => {
    const exitCode = signal ? 128 + constants.signals[signal as NodeJS.Signals] : code
    const age = performance.now() - (startedAt.get(worker) ?? 0)
    const hadListened = listening.delete(worker)
    startedAt.delete(worker)
    if (isStopping) {
      // Workers that were still starting end with a code of the signal, which is no fault.
      if (hadListened || !hasServed) host.exitCode ||= exitCode
    } else if (!hasServed) {
      host.exitCode = exitCode || 1
    } else {
      log.warn({ worker: worker.process.pid, exit_code: exitCode }, 'worker ended')
      failures = hadListened && age > settledMs ? 0 : failures + 1
      if (failures < maxFailures) return void start()
      log.fatal(`${maxFailures} workers in a row ended soon after their start`)
      host.exitCode = 1
      stop('SIGTERM')
    }
  })

  start()
  return stop
}

/** What the primary sends to ask a worker. */
const question = 'metrics'

/** In a worker: tells the primary what was measured, whenever it asks. */
function answerPrimary(metrics: Metrics, worker: Worker): void {
  worker.on('message', async (message) => {
    if (message !== question) return
    const families = await metrics.collect()
    if (worker.isConnected()) worker.send(families)
  })
}

/** How long (ms) a worker has to answer; one that is too busy is shown as it was before. */
const answerMs = 4_000

/**
 * In the primary: gives what all workers have measured, as one page. The counts of workers that
 * ended stay in it: otherwise the sums would drop, which Prometheus takes for a restart.
 */
function workerMetrics(cluster: Pick<Cluster, 'on' | 'workers'>): () => Promise<readonly Family[]> {
  const latest = new Map<number, readonly Family[]>()
  let ended: readonly Family[] = []

  cluster.on('exit', ({ id }) => {
    const counts = (latest.get(id) ?? []).filter(({ kind }) => kind !== 'gauge')
    ended = mergeFamilies([ended, counts])
    latest.delete(id)
  })

  async function ask(worker: Worker): Promise<void> {
    const answer = once(worker, 'message', { signal: AbortSignal.timeout(answerMs) })
    worker.send(question)
    const [families] = await answer
    if (!worker.isDead()) latest.set(worker.id, families)
  }

  return async () => {
    const workers = Object.values(cluster.workers ?? {}).flatMap((worker) => worker ?? [])
    await Promise.allSettled(workers.map(ask))
    return mergeFamilies([...latest.values(), ended])
  }
}
