import { afterEach, expect, it, vi } from 'vitest'
import { onStopSignals } from '../../../src/system/stop-signals.ts'

afterEach(() => void vi.useRealTimers())

it('takes what npm passes on of a Ctrl-C for the same one, and hears the next', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const heard: string[] = []
  const atRest = onStopSignals((signal) => void heard.push(signal))
  try {
    for (const wait of [20, 600, 20]) {
      process.emit('SIGINT', 'SIGINT')
      vi.advanceTimersByTime(wait)
    }
    expect(heard).toEqual(['SIGINT', 'SIGINT'])
  } finally {
    atRest()
  }
})
