import { randomUUID } from 'node:crypto'
import timers from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { CacheMeter } from './metrics.ts'
import type { WriteQueue, Writer } from './store.ts'

/** How many writes may wait. Beyond that, callers wait too. */
export const maxQueued = 1_000

/** How many writes a writer gets at once. */
const maxBatch = 100

/** How long (ms) a write waits for others. */
const gatherMs = 20

/** After so many failures, within about a minute, a write is given up. */
const maxFailures = 5

/** Delay (ms) after the first failure; each further delay is six times as long. */
const retryMs = 200
const retryGrowth = 6

export type NewWrite = Parameters<WriteQueue['add']>[0]

interface QueuedWrite extends NewWrite {
  readonly idempotencyKey: string
  readonly writer: Writer<unknown>
  readonly accept: () => void
  failures: number
  /** When it may be attempted next, by `performance.now()`. */
  dueAt: number
}

export interface WriteBehindSettings {
  readonly meter: Pick<CacheMeter, 'failed' | 'timed'>
  readonly log: Pick<FastifyBaseLogger, 'error'>
  /** Whether a batch may begin. Default: always. */
  readonly mayWrite?: () => boolean
  readonly onWritten?: (idempotencyKey: string) => void
  /** Saves a write that is given up. If that fails, the write is attempted again. */
  readonly onGivenUp?: (idempotencyKey: string, error: unknown) => Promise<unknown>
}

/**
 * Makes writes in the background, in batches per writer. Writes of one key keep their order and
 * never share a batch. Failed writes are retried in ever smaller batches, so that one bad write
 * doesn't hold up the others. Waiting writes are lost if the process is killed.
 */
export class WriteBehind implements WriteQueue {
  readonly #settings: WriteBehindSettings
  readonly #writers = new Map<string, Writer<unknown>>()
  /** Writers with a batch in progress. */
  readonly #busy = new Set<Writer<unknown>>()
  /** Those beyond `maxQueued` aren't accepted yet. */
  #writes: QueuedWrite[] = []
  #timer: NodeJS.Timeout | undefined
  #isClosing = false

  constructor(settings: WriteBehindSettings) {
    this.#settings = settings
  }

  /** Accepted writes that are still waiting. */
  get depth(): number {
    return Math.min(this.#writes.length, maxQueued)
  }

  addWriter(name: string, writer: Writer<unknown>): void {
    if (this.#writers.has(name)) throw new Error(`A writer called ${name} exists already.`)
    this.#writers.set(name, writer)
  }

  /** The writer of that name. */
  writer(name: string): Writer<unknown> {
    const writer = this.#writers.get(name)
    if (writer) return writer
    throw new Error(`No writer is called ${name}. Register it with cache.addWriter() first.`)
  }

  /** @param idempotencyKey stays the same when the write is repeated */
  async add(write: NewWrite, idempotencyKey: string = randomUUID()): Promise<void> {
    const writer = typeof write.writer === 'string' ? this.writer(write.writer) : write.writer
    if (this.#isClosing)
      throw new Error(`The write of ${write.key} comes too late: the service is stopping.`)
    await new Promise<void>((accept) => {
      this.#writes.push({ ...write, idempotencyKey, writer, accept, failures: 0, dueAt: 0 })
      if (this.#writes.length <= maxQueued) accept()
      this.#startSoon()
    })
  }

  /** Drops waiting writes. Batches in progress go on. */
  clear(): void {
    this.#writes = []
  }

  /** Resolves when every accepted write is made or given up. */
  async close(): Promise<void> {
    this.#isClosing = true
    for (const write of this.#writes) write.dueAt = 0
    while (this.#writes.length + this.#busy.size > 0) await timers.setTimeout(gatherMs)
  }

  #startSoon(): void {
    if (this.#writes.length === 0) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#start()
      this.#startSoon()
    }, gatherMs)
  }

  /** Starts the batches that are due, one for each idle writer. */
  #start(): void {
    if (this.#settings.mayWrite?.() === false) return
    const batches = new Map<Writer<unknown>, QueuedWrite[]>()
    const earlierKeys = new Set<string>()
    for (const write of this.#writes.slice(0, maxQueued)) {
      const { writer, key } = write
      const batch = batches.get(writer) ?? []
      if (!this.#busy.has(writer) && !earlierKeys.has(key) && fits(write, batch)) {
        batches.set(writer, [...batch, write])
      }
      earlierKeys.add(key)
    }
    for (const [writer, batch] of batches) void this.#write(writer, batch)
  }

  async #write(writer: Writer<unknown>, batch: readonly QueuedWrite[]): Promise<void> {
    this.#busy.add(writer)
    const writes = batch.map(({ key, value, idempotencyKey }) => ({ key, value, idempotencyKey }))
    try {
      await this.#settings.meter.timed('write', () => writer(writes))
      for (const write of batch) this.#settings.onWritten?.(write.idempotencyKey)
      this.#remove(batch)
    } catch (error) {
      await this.#retry(batch, error)
    }
    this.#busy.delete(writer)
    this.#start()
  }

  async #retry(batch: readonly QueuedWrite[], err: unknown): Promise<void> {
    for (const write of batch) {
      // A service that is stopping can't wait for a minute.
      const growth = this.#isClosing ? 1 : retryGrowth ** write.failures
      write.dueAt = performance.now() + retryMs * growth
      write.failures += 1
      if (write.failures >= maxFailures) await this.#giveUp(write, err)
    }
  }

  async #giveUp(write: QueuedWrite, err: unknown): Promise<void> {
    try {
      await this.#settings.onGivenUp?.(write.idempotencyKey, err)
    } catch {
      write.failures = maxFailures - 1
      return
    }
    this.#settings.meter.failed('write')
    this.#settings.log.error({ err, key: write.key }, 'write given up')
    this.#remove([write])
  }

  #remove(batch: readonly QueuedWrite[]): void {
    this.#writes = this.#writes.filter((write) => !batch.includes(write))
    for (const write of this.#writes.slice(0, maxQueued).slice(-batch.length)) write.accept()
  }
}

/** Whether a write is due and fits into a batch, which gets ten times smaller with each failure. */
function fits({ dueAt, failures }: QueuedWrite, batch: readonly QueuedWrite[]): boolean {
  if (dueAt > performance.now() || batch.length >= maxBatch / 10 ** failures) return false
  return batch.every((other) => other.failures === failures)
}
