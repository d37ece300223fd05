import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'
import { ServiceUnavailableError } from './app-error.ts'

/**
 * Turns requests away with a 503 while the event loop or the heap is past its limit. Routes with
 * `shed: false` are answered all the same.
 */
export const loadShedding = fp(
  async (app) => {
    const { eventLoopDelayMs, heapPercent, retryAfterS } = app.config.overload
    if (eventLoopDelayMs === 0 && heapPercent === 0) return

    await app.register(underPressure, {
      maxEventLoopDelay: eventLoopDelayMs,
      maxHeapUsedBytes: (getHeapStatistics().heap_size_limit * heapPercent) / 100,
      pressureHandler(request) {
        if (request.routeOptions.config.shed === false) return
        throw new ServiceUnavailableError('The service is overloaded.', retryAfterS)
      },
    })
  },
  { name: 'load-shedding', dependencies: ['errors'] },
)
