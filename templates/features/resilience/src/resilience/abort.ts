import type { Clock } from './clock.ts'

/**
 * Waits for what `start` begins, and no longer than until `signal` is aborted: work that ignores
 * its signal holds nobody up. Its late outcome is dropped.
 *
 * @throws the reason of the signal
 */
export async function untilAborted<T>(
  start: (signal: AbortSignal) => T | PromiseLike<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted()
  let abort = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([start(signal), aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/**
 * Waits `ms` milliseconds.
 *
 * @throws the reason of the signal, at once when it is aborted
 */
export async function sleep(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  let callOff = () => {}
  try {
    await untilAborted(
      () =>
        new Promise<void>((resolve) => {
          callOff = clock.after(ms, resolve)
        }),
      signal,
    )
  } finally {
    callOff()
  }
}

/** A signal that nobody aborts. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal
}
