import timers from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryStore } from '../../../src/cache/memory-store.ts'
import { distant, interleave, type Step, scripts, type World } from '../support/cache-model.ts'
import { seed } from '../support/seed.ts'

/** Runs in all, over both kinds of store. */
const runs = 10_000

let now = 0
let step: Step = async () => {}

beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.spyOn(timers, 'setTimeout').mockImplementation(async (ms = 0) => {
    await step(`wait ${ms} ms`)
    now += ms
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

test.each([
  { name: 'in the memory of a process', wrap: (store: MemoryStore) => store },
  { name: 'of two clients of a distant store', wrap: distant },
])(
  'no order of reads, writes, invalidations and expiries $name serves what is old',
  async ({ wrap }) => {
    const property = fc.asyncProperty(fc.scheduler(), scripts, async (scheduler, each) => {
      now = 0
      step = (what) => scheduler.schedule(Promise.resolve(), what)
      const world: World = {
        step,
        advance: (ms) => {
          now += ms
        },
      }
      const store = wrap(new MemoryStore(1e6), step)
      await interleave(scheduler, world, each, () => store)
    })
    await expect(fc.assert(property, { numRuns: runs / 2, seed })).resolves.toBeUndefined()
  },
)
