const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Under npm one Ctrl-C arrives twice: from the terminal and from npm. */
const sameKeyMs = 500

/**
 * Hands the signals that ask this process to stop to `stop`, until the returned function is called.
 * What follows one signal at once is the same one, on another way.
 */
export function onStopSignals(stop: (signal: NodeJS.Signals) => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  const hear = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (now - last < sameKeyMs) return
    last = now
    stop(signal)
  }
  for (const signal of stopSignals) process.on(signal, hear)
  return () => {
    for (const signal of stopSignals) process.off(signal, hear)
  }
}

/** Whether Ctrl-C reaches all processes that share the terminal, and not this one alone. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true
}
