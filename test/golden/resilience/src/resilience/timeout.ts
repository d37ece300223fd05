import { untilAborted } from './abort.ts'
import { milliseconds } from './bounds.ts'
import { type Clock, systemClock } from './clock.ts'
import { TimeoutError } from './errors.ts'
import { type CallOptions, Executor, type Work } from './executor.ts'

/** Bounds how long a call may take. Its signal is aborted then, and nobody waits for it. */
export class Timeout extends Executor {
  /** In milliseconds. */
  readonly ms: number
  readonly #clock: Clock

  /** @throws {RangeError} unless `ms` is from 1 to 2^31 - 1 milliseconds */
  constructor(ms: number, { clock = systemClock }: { clock?: Clock } = {}) {
    super()
    this.ms = milliseconds('ms', ms, 1)
    this.#clock = clock
  }

  /** @throws {TimeoutError} when the time is over */
  override async exec<T>(work: Work<T>, { signal }: CallOptions = {}): Promise<T> {
    signal?.throwIfAborted()
    const controller = new AbortController()
    const forward = () => controller.abort(signal?.reason)
    signal?.addEventListener('abort', forward, { once: true })
    const callOff = this.#clock.after(this.ms, () => controller.abort(new TimeoutError(this.ms)))
    try {
      return await untilAborted(work, controller.signal)
    } finally {
      callOff()
      signal?.removeEventListener('abort', forward)
    }
  }
}
