import { CircuitBreaker, type CircuitBreakerOptions } from '../../src/resilience/circuit-breaker.ts'
import { errorOf } from './calls.ts'
import { FakeClock } from './fake-clock.ts'

/** What a callee fails with. */
export const down = new Error('down')
export const fail = () => Promise.reject(down)
export const succeed = async () => 'done'

/** A breaker on a clock of the test, and its changes of state. */
export function startBreaker(options: CircuitBreakerOptions = {}) {
  const clock = new FakeClock()
  const breaker = new CircuitBreaker('callee', { clock, ...options })
  const changes: string[] = []
  breaker.onStateChange(({ from, to }) => changes.push(`${from} > ${to}`))
  return { clock, breaker, changes }
}

/** A breaker that failures have opened, its time to refuse being over. */
export async function startDueBreaker(options: CircuitBreakerOptions = {}) {
  const started = startBreaker({ failureThreshold: 1, ...options })
  await errorOf(started.breaker.exec(fail))
  await started.clock.advance(60_000)
  return started
}
