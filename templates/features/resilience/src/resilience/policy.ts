import type { Bulkhead } from './bulkhead.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { type CallOptions, Executor, type Work } from './executor.ts'
import type { Retry } from './retry.ts'
import type { Timeout } from './timeout.ts'

/** The parts of a policy, in the order in which a call meets them. All may be left out. */
export interface PolicyParts {
  /** Bounds all attempts with the waits between them. */
  deadline?: Timeout
  retry?: Retry
  /** Sees each attempt: a refused one is not retried. */
  breaker?: CircuitBreaker
  /** Inside of the breaker, so that nobody queues for a callee that is known to be dead. */
  bulkhead?: Bulkhead
  /** Bounds one attempt, from when it has left the queue of the bulkhead. */
  timeout?: Timeout
}

class Composed extends Executor {
  readonly #outer: Executor
  readonly #inner: Executor

  constructor(outer: Executor, inner: Executor) {
    super()
    this.#outer = outer
    this.#inner = inner
  }

  override exec<T>(work: Work<T>, options: CallOptions = {}): Promise<T> {
    const { idempotent } = options
    return this.#outer.exec((signal) => this.#inner.exec(work, { signal, idempotent }), options)
  }
}

/**
 * Runs work through all parts: deadline, retry, breaker, bulkhead, timeout, from the outside in,
 * whatever their order in the call. Parts may be shared by several policies.
 *
 * @throws {RangeError} without any part, and where the deadline is what ends an attempt: to the
 * breaker a callee that hangs would look like callers who went away
 */
export function policy(parts: PolicyParts): Executor {
  const { deadline, retry, breaker, bulkhead, timeout } = parts
  if (deadline && breaker && !timeout) throw new RangeError('A breaker needs a timeout.')
  if (deadline && timeout && deadline.ms <= timeout.ms) {
    throw new RangeError(`The deadline of ${deadline.ms} ms is no longer than one attempt.`)
  }
  const present = [deadline, retry, breaker, bulkhead, timeout].filter((part) => part !== undefined)
  const [first, ...rest] = present
  if (first === undefined) throw new RangeError('A policy needs a part.')
  return rest.reduce<Executor>((outer, inner) => new Composed(outer, inner), first)
}
