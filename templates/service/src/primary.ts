import type { Cluster, Worker } from 'node:cluster'
import { constants } from 'node:os'
import type { Logger } from 'pino'
import type { Config } from './config/index.ts'
import { onStopSignal, type SignalSource } from './http/shutdown.ts'

type PrimaryConfig = Pick<Config['server'], 'workers' | 'shutdownDelayMs' | 'shutdownTimeoutMs'>
type PrimaryLog = Pick<Logger, 'info' | 'warn' | 'fatal'>

/** The part of `process` that is needed here. */
interface Host extends SignalSource {
  exitCode?: NodeJS.Process['exitCode']
}

/** So many workers may end soon after their start, one after the other; then it is given up. */
const patience = 3

/** A worker that has run for so many ms has started well. */
const settled = 10_000

/** How much longer than `SHUTDOWN_TIMEOUT_MS` a worker may take that no longer keeps time itself. */
const grace = 1_000

/** The process that starts the workers, hands them connections, and replaces those that die. */
export class Primary {
  readonly #config: PrimaryConfig
  readonly #log: PrimaryLog
  readonly #cluster: Pick<Cluster, 'fork' | 'on'>
  readonly #host: Host
  readonly #started = new Map<Worker, number>()
  readonly #listening = new Set<Worker>()
  #served = false
  #stopping = false
  #failures = 0

  constructor(
    config: PrimaryConfig,
    log: PrimaryLog,
    cluster: Pick<Cluster, 'fork' | 'on'>,
    host: Host,
  ) {
    this.#config = config
    this.#log = log
    this.#cluster = cluster
    this.#host = host
  }

  /** The first worker starts alone: a fault is told once, and one migrates for all. */
  start(): void {
    onStopSignal(this.#host, (signal) => this.#stop(signal))
    this.#cluster.on('listening', (worker) => this.#listens(worker))
    this.#cluster.on('exit', (worker, code, signal) => {
      this.#ended(worker, exitCodeOf(code, signal))
    })
    this.#fork()
  }

  #fork(): void {
    this.#started.set(this.#cluster.fork(), performance.now())
  }

  #listens(worker: Worker): void {
    const { workers } = this.#config
    if (this.#stopping || this.#listening.has(worker)) return
    this.#listening.add(worker)
    if (!this.#served) {
      this.#served = true
      for (let count = 1; count < workers; count += 1) this.#fork()
    }
    if (this.#listening.size === workers) this.#log.info({ workers }, 'every worker listens')
  }

  #ended(worker: Worker, exitCode: number): void {
    const age = performance.now() - (this.#started.get(worker) ?? 0)
    const listened = this.#listening.delete(worker)
    this.#started.delete(worker)
    if (this.#stopping) {
      // One that did not listen yet is ended as it stands, which is no fault if others served.
      if (listened || !this.#served) this.#host.exitCode ||= exitCode
    } else if (this.#served) {
      this.#log.warn({ worker: worker.process.pid, exit_code: exitCode }, 'worker ended')
      this.#failures = listened && age > settled ? 0 : this.#failures + 1
      if (this.#failures < patience) this.#fork()
      else this.#giveUp()
    } else {
      this.#host.exitCode = exitCode || 1
    }
  }

  #giveUp(): void {
    this.#log.fatal(`${patience} workers in a row ended soon after their start`)
    this.#host.exitCode = 1
    this.#stop('SIGTERM')
  }

  #stop(signal: NodeJS.Signals): void {
    this.#stopping = true
    for (const worker of this.#started.keys()) {
      if (this.#listening.has(worker)) worker.send(signal, () => {})
      else worker.process.kill(signal)
    }
    const { shutdownDelayMs, shutdownTimeoutMs } = this.#config
    const killRest = () => {
      for (const worker of this.#started.keys()) worker.process.kill('SIGKILL')
    }
    setTimeout(killRest, shutdownDelayMs + shutdownTimeoutMs + grace).unref()
  }
}

/** As a shell would tell it. */
function exitCodeOf(code: number, signal: string | null): number {
  return signal ? 128 + constants.signals[signal as NodeJS.Signals] : code
}
