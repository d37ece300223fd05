import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Bulkhead } from '../../../src/resilience/bulkhead.ts'
import { BulkheadFullError } from '../../../src/resilience/errors.ts'
import { errorOf, openCall } from '../../support/calls.ts'
import { randomFrom } from '../../support/random.ts'

test('so many run, so many wait in turn, the rest is refused', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 2 })
  const order: string[] = []
  const calls = ['a', 'b', 'c'].map((name) => {
    const call = openCall()
    const result = bulkhead.exec(() => {
      order.push(name)
      return call.work()
    })
    return { ...call, result }
  })
  expect(bulkhead.stats()).toEqual({ running: 1, waiting: 2 })
  expect(await errorOf(bulkhead.exec(() => 'd'))).toEqual(new BulkheadFullError(1, 2))
  for (const call of calls) {
    call.succeed('done')
    expect(await call.result).toBe('done')
  }
  expect(order).toEqual(['a', 'b', 'c'])
  expect(bulkhead.stats()).toEqual({ running: 0, waiting: 0 })
})

test.each([
  [
    'throws',
    () => {
      throw new Error('oops')
    },
  ],
  ['rejects', () => Promise.reject(new Error('oops'))],
])('work that %s gives its place back', async (_name, work) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 0 })
  await errorOf(bulkhead.exec(work))
  expect(await bulkhead.exec(() => 'next')).toBe('next')
})

test('who waits leaves the queue when aborted, at once', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 1 })
  const first = openCall()
  const running = bulkhead.exec(first.work)
  const controller = new AbortController()
  let begun = false
  const waiting = errorOf(
    bulkhead.exec(
      () => {
        begun = true
      },
      { signal: controller.signal },
    ),
  )
  controller.abort('gone')
  expect(await waiting).toBe('gone')
  expect(bulkhead.stats()).toEqual({ running: 1, waiting: 0 })
  first.succeed('done')
  await running
  expect(begun).toBe(false)
  expect(bulkhead.stats()).toEqual({ running: 0, waiting: 0 })
})

test.each(['abort first', 'end first'])(
  'a place is not lost between queue and start: %s',
  async (which) => {
    const bulkhead = new Bulkhead({ concurrency: 1, queue: 2 })
    const first = openCall()
    const running = bulkhead.exec(first.work)
    const controller = new AbortController()
    const aborted = bulkhead.exec(() => 'second', { signal: controller.signal }).catch(() => {})
    const third = bulkhead.exec(() => 'third')
    if (which === 'abort first') controller.abort()
    first.succeed('done')
    await running
    controller.abort()
    await aborted
    expect(await third).toBe('third')
    expect(bulkhead.stats()).toEqual({ running: 0, waiting: 0 })
  },
)

test('work that ignores its abort keeps its place until it ends', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 0 })
  const call = openCall()
  const controller = new AbortController()
  const result = bulkhead.exec(call.work, { signal: controller.signal })
  controller.abort()
  await setImmediate()
  expect(bulkhead.stats().running).toBe(1)
  call.succeed('late')
  expect(await result).toBe('late')
})

const seed = Date.now()

test(`no order of calls, ends and aborts goes above the bounds or loses a place (seed ${seed})`, async () => {
  const random = randomFrom(seed)
  const bulkhead = new Bulkhead({ concurrency: 3, queue: 4 })
  const open: { end(): void; abort(): void }[] = []
  let running = 0
  for (let step = 0; step < 3_000; step += 1) {
    const pick = open.splice(Math.floor(random() * open.length), random() < 0.5 ? 1 : 0)[0]
    if (pick) (random() < 0.6 ? pick.end : pick.abort)()
    else {
      const call = openCall()
      const controller = new AbortController()
      const work = async () => {
        running += 1
        try {
          return await call.work()
        } finally {
          running -= 1
        }
      }
      bulkhead.exec(work, { signal: controller.signal }).catch(() => {})
      const end = () => (random() < 0.5 ? call.succeed('done') : call.fail())
      open.push({
        end,
        abort: () => {
          controller.abort()
          end()
        },
      })
    }
    if (random() < 0.7) await setImmediate()
    expect(running).toBeLessThanOrEqual(3)
    expect(bulkhead.stats().waiting).toBeLessThanOrEqual(4)
  }
  for (const { end } of open) end()
  for (let rounds = 0; rounds < 10; rounds += 1) await setImmediate()
  expect(bulkhead.stats()).toEqual({ running: 0, waiting: 0 })
  expect(running).toBe(0)
})

test.each([{ concurrency: 0 }, { concurrency: 1.5 }, { queue: -1 }])(
  '%j makes no sense',
  (options) => {
    expect(() => new Bulkhead(options)).toThrow(RangeError)
  },
)
