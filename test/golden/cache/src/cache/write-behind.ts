import { randomUUID } from 'node:crypto'
import timers from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { CacheMeter } from './metrics.ts'
import type { WriteQueue, Writer } from './store.ts'

/** So many writes wait at most. When there are more, their callers wait too. */
export const maxQueued = 1_000

/** So many writes a writer gets at once. */
const maxBatch = 100

/** How long (ms) a write waits for others. */
const gatherMs = 20

/** A write that failed so often is given up, after about a minute. */
const maxFailures = 5

/** How long (ms) a write waits after its first failure; six times as long after each further one. */
const retryMs = 200
const retryGrowth = 6

export type NewWrite = Parameters<WriteQueue['add']>[0]

interface QueuedWrite extends NewWrite {
  readonly idempotencyKey: string
  readonly writer: Writer<unknown>
  readonly accept: () => void
  failures: number
  /** When it may be made next, on the clock of `performance.now()`. */
  dueAt: number
}

export interface WriteBehindSettings {
  readonly meter: Pick<CacheMeter, 'failed' | 'timed'>
  readonly log: Pick<FastifyBaseLogger, 'error'>
  /** Whether a batch may begin. Default: always. */
  readonly mayWrite?: () => boolean
  readonly onWritten?: (idempotencyKey: string) => void
  /** Keeps a write that is given up. If that fails, the write is attempted again. */
  readonly onGivenUp?: (idempotencyKey: string, error: unknown) => Promise<unknown>
}

/**
 * Makes writes in the background, in batches for each writer. Writes of one key are made in their
 * order, and never in one batch. What failed is attempted again, in ever smaller batches, so that a
 * write that can't be made doesn't hold up others. What waits is lost if the process is killed.
 */
export class WriteBehind implements WriteQueue {
  readonly #settings: WriteBehindSettings
  readonly #writers = new Map<string, Writer<unknown>>()
  /** Those that have a batch. */
  readonly #busy = new Set<Writer<unknown>>()
  /** Those after the first thousand aren't accepted yet. */
  #writes: QueuedWrite[] = []
  #timer: NodeJS.Timeout | undefined
  #isClosing = false

  constructor(settings: WriteBehindSettings) {
    this.#settings = settings
  }

  /** Writes that were accepted and aren't made. */
  get depth(): number {
    return Math.min(this.#writes.length, maxQueued)
  }

  addWriter(name: string, writer: Writer<unknown>): void {
    if (this.#writers.has(name)) throw new Error(`There is a writer ${name} already.`)
    this.#writers.set(name, writer)
  }

  /** The writer of that name. */
  writer(name: string): Writer<unknown> {
    const writer = this.#writers.get(name)
    if (writer) return writer
    throw new Error(`There is no writer ${name}. Name it first, with cache.addWriter().`)
  }

  /** @param idempotencyKey the same whenever the write is repeated */
  async add(write: NewWrite, idempotencyKey: string = randomUUID()): Promise<void> {
    const writer = typeof write.writer === 'string' ? this.writer(write.writer) : write.writer
    if (this.#isClosing)
      throw new Error(`The write of ${write.key} is too late: the service stops.`)
    await new Promise<void>((accept) => {
      this.#writes.push({ ...write, idempotencyKey, writer, accept, failures: 0, dueAt: 0 })
      if (this.#writes.length <= maxQueued) accept()
      this.#startSoon()
    })
  }

  /** Forgets what waits. What has begun ends by itself. */
  clear(): void {
    this.#writes = []
  }

  /** Resolves when everything that was accepted is written or given up. */
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

  /** Begins the batches that are due, one for each writer that has none. */
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
      // Whoever stops the service doesn't wait for a minute.
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

/** Whether a write is due and goes with a batch: ten times as few with each failure, at last alone. */
function fits({ dueAt, failures }: QueuedWrite, batch: readonly QueuedWrite[]): boolean {
  if (dueAt > performance.now() || batch.length >= maxBatch / 10 ** failures) return false
  return batch.every((other) => other.failures === failures)
}
