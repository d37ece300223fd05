import { neverAborted, untilAborted } from './abort.ts'
import { wholeNumber } from './bounds.ts'
import { BulkheadFullError } from './errors.ts'
import { type CallOptions, Executor, type Work } from './executor.ts'

export interface BulkheadOptions {
  /** Most calls at a time. Default: 10. */
  concurrency?: number
  /** Most calls that wait for a place, first come first served. Default: 100; 0 for none. */
  queue?: number
}

/** Bounds how many calls run at a time, so that one slow callee does not take all of the service. */
export class Bulkhead extends Executor {
  readonly #concurrency: number
  readonly #queue: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  /** @throws {RangeError} for a number that makes no sense */
  constructor({ concurrency = 10, queue = 100 }: BulkheadOptions = {}) {
    super()
    this.#concurrency = wholeNumber('concurrency', concurrency, 1)
    this.#queue = wholeNumber('queue', queue, 0)
  }

  /** How many calls run and wait. */
  stats(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.size }
  }

  /** @throws {BulkheadFullError} when all places are taken, in the queue too */
  override async exec<T>(work: Work<T>, options: CallOptions = {}): Promise<T> {
    const { signal = neverAborted() } = options
    signal.throwIfAborted()
    await this.#enter(signal)
    try {
      // Not until it is aborted: work that ignores its signal does take a place until it ends.
      return await work(signal)
    } finally {
      this.#leave()
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#running < this.#concurrency) {
      this.#running += 1
      return
    }
    if (this.#waiting.size >= this.#queue) {
      throw new BulkheadFullError(this.#running, this.#waiting.size)
    }
    await this.#wait(signal)
  }

  async #wait(signal: AbortSignal): Promise<void> {
    let called = false
    let next = () => {}
    const turn = new Promise<void>((resolve) => {
      next = () => {
        called = true
        resolve()
      }
    })
    this.#waiting.add(next)
    try {
      await untilAborted(() => turn, signal)
    } catch (error) {
      this.#waiting.delete(next)
      // The place was handed over in the same moment: on to the one behind.
      if (called) this.#leave()
      throw error
    }
  }

  /** Hands the place to the first who waits, so that nobody who comes now can take it. */
  #leave(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running -= 1
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
