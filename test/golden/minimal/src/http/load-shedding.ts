import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import fp from 'fastify-plugin'
import { ServiceUnavailableError } from './app-error.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the service turns requests away at the moment. */
    overload: { readonly active: boolean }
  }
}

/** How often load is measured, in ms; each time counts what happened since the last one. */
const interval = 1_000

/** The event loop's delay is measured with timers of this many ms, which is part of the result. */
const resolution = 10

/** Part of the available heap from which on Node spends its time collecting garbage. */
const maxHeapUse = 0.95

/**
 * Turns requests away with a 503 while the event loop lags or the heap is full, so that those
 * already accepted are answered. Routes with `shed: false` are always answered. It measures from the
 * moment the service listens: what happened during the start says nothing about load.
 */
export const loadShedding = fp(
  async (app) => {
    const { eventLoopDelayMs } = app.config.overload
    const overload = { active: false }
    app.decorate('overload', overload)
    if (eventLoopDelayMs === 0) return

    const delay = monitorEventLoopDelay({ resolution })
    let timer: NodeJS.Timeout | undefined

    app.addHook('onListen', async () => {
      delay.enable()
      timer = setInterval(() => {
        const { used_heap_size, heap_size_limit } = getHeapStatistics()
        const isLagging = delay.mean / 1e6 - resolution > eventLoopDelayMs
        const isActive = isLagging || used_heap_size > heap_size_limit * maxHeapUse
        if (isActive !== overload.active) app.log.warn({ overload: isActive }, 'load shedding')
        overload.active = isActive
        delay.reset()
      }, interval).unref()
    })

    app.addHook('onRequest', (request, _reply, done) => {
      if (!overload.active || request.routeOptions.config.shed === false) return done()
      done(new ServiceUnavailableError('The service is overloaded.'))
    })

    app.addHook('onClose', async () => {
      clearInterval(timer)
      delay.disable()
    })
  },
  { name: 'load-shedding', dependencies: ['errors'] },
)
