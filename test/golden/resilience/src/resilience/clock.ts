/** Time as the policies see it; tests bring one of their own. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  now(): number
  /** Runs `action` once after `ms` milliseconds. Gives what calls it off. */
  after(ms: number, action: () => void): () => void
}

/** The clock of the process, which no change of the date moves. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms)
    return () => clearTimeout(timer)
  },
}
