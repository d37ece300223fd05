import { Type } from 'typebox'

/** From when on the service turns requests away, so that it can answer those that it has. */
export const overload = Type.Object({
  eventLoopDelayMs: Type.Integer({
    env: 'OVERLOAD_EVENT_LOOP_DELAY_MS',
    default: 1_000,
    defaultIn: { test: 0 },
    minimum: 0,
    description: 'Mean delay of the event loop over a second, in milliseconds; 0 for no limit.',
  }),
  heapPercent: Type.Integer({
    env: 'OVERLOAD_HEAP_PERCENT',
    default: 95,
    defaultIn: { test: 0 },
    minimum: 0,
    maximum: 100,
    description: 'Used part of the heap that Node may have, in percent; 0 for no limit.',
  }),
  retryAfterS: Type.Integer({
    env: 'OVERLOAD_RETRY_AFTER_S',
    default: 5,
    minimum: 1,
    description: 'When clients are asked to come back, in seconds.',
  }),
})
