import timers from 'node:timers/promises'
import { afterEach, beforeEach, vi } from 'vitest'

/** Stops time in every test of a file, also for `node:timers/promises`; random numbers are 0.5. */
export function useFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    vi.spyOn(timers, 'setTimeout').mockImplementation(sleep)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })
}

/** Lets time pass, with everything that is due meanwhile. */
export async function advance(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}

async function sleep(
  ms?: number,
  value?: unknown,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => resolve(value), ms)
      abort = () => reject(signal?.reason)
      signal?.addEventListener('abort', abort)
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}
