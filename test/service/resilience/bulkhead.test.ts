import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Bulkhead, BulkheadFullError } from '../../../src/resilience/policy.ts'
import { randomFrom } from '../../support/random.ts'
import { errorOf, openCall } from '../support/calls.ts'

/** Fails unless exactly these numbers of new calls can run and wait. */
async function expectFree(bulkhead: Bulkhead, running: number, waiting: number): Promise<void> {
  const calls = Array.from({ length: running + waiting }, () => openCall())
  let begun = 0
  const results = calls.map((call) =>
    bulkhead.execute(() => {
      begun += 1
      return call.work()
    }),
  )
  await setImmediate()
  expect(begun).toBe(running)
  expect(await errorOf(bulkhead.execute(() => 'one too many'))).toBeInstanceOf(BulkheadFullError)
  for (const call of calls) call.succeed()
  await Promise.all(results)
}

test('runs some calls, queues some in their order and rejects the rest', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 2 })
  const order: string[] = []
  const calls = ['a', 'b', 'c'].map((name) => {
    const call = openCall()
    const result = bulkhead.execute(() => {
      order.push(name)
      return call.work()
    })
    return { ...call, result }
  })
  const rejected = await errorOf(bulkhead.execute(() => 'd'))
  expect(rejected).toEqual(new BulkheadFullError('1 calls are running and 2 are waiting.'))
  for (const call of calls) {
    call.succeed()
    expect(await call.result).toBe('done')
  }
  expect(order).toEqual(['a', 'b', 'c'])
  await expectFree(bulkhead, 1, 2)
})

test.each([
  [
    'throws',
    () => {
      throw new Error('oops')
    },
  ],
  ['rejects', () => Promise.reject(new Error('oops'))],
])('work that %s releases its place', async (_name, work) => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 0 })
  await errorOf(bulkhead.execute(work))
  expect(await bulkhead.execute(() => 'next')).toBe('next')
})

test('a queued call leaves at once when it is aborted, and never begins', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 1 })
  const first = openCall()
  const running = bulkhead.execute(first.work)
  const controller = new AbortController()
  let begun = false
  const waiting = errorOf(
    bulkhead.execute(() => {
      begun = true
    }, controller.signal),
  )
  controller.abort('gone')
  expect(await waiting).toBe('gone')
  first.succeed()
  await running
  expect(begun).toBe(false)
  await expectFree(bulkhead, 1, 1)
})

test.each(['abort first', 'end first'])(
  'no place is lost between queue and start: %s',
  async (which) => {
    const bulkhead = new Bulkhead({ concurrency: 1, queue: 2 })
    const first = openCall()
    const running = bulkhead.execute(first.work)
    const controller = new AbortController()
    const aborted = bulkhead.execute(() => 'second', controller.signal).catch(() => {})
    const third = bulkhead.execute(() => 'third')
    if (which === 'abort first') controller.abort()
    first.succeed()
    await running
    controller.abort()
    await aborted
    expect(await third).toBe('third')
    await expectFree(bulkhead, 1, 2)
  },
)

test('work that ignores its abort keeps its place until it ends', async () => {
  const bulkhead = new Bulkhead({ concurrency: 1, queue: 0 })
  const call = openCall()
  const controller = new AbortController()
  const result = bulkhead.execute(() => call.work(), controller.signal)
  controller.abort()
  await setImmediate()
  expect(await errorOf(bulkhead.execute(() => 'early'))).toBeInstanceOf(BulkheadFullError)
  call.succeed()
  expect(await result).toBe('done')
  await expectFree(bulkhead, 1, 0)
})

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000)

test(`no order of calls, ends and aborts exceeds the limits or loses a place (TEST_SEED=${seed})`, async () => {
  const random = randomFrom(seed)
  const bulkhead = new Bulkhead({ concurrency: 3, queue: 4 })
  const open: { end(): void; abort(): void }[] = []
  let running = 0
  let mostRunning = 0
  for (let step = 0; step < 3_000; step += 1) {
    const pick = open.splice(Math.floor(random() * open.length), random() < 0.5 ? 1 : 0)[0]
    if (pick) (random() < 0.6 ? pick.end : pick.abort)()
    else {
      const call = openCall()
      const controller = new AbortController()
      const work = async () => {
        running += 1
        mostRunning = Math.max(mostRunning, running)
        try {
          return await call.work()
        } finally {
          running -= 1
        }
      }
      bulkhead.execute(work, controller.signal).catch(() => {})
      const end = () => (random() < 0.5 ? call.succeed() : call.fail())
      open.push({
        end,
        abort: () => {
          controller.abort()
          end()
        },
      })
    }
    if (random() < 0.7) await setImmediate()
  }
  for (const { end } of open) end()
  for (let rounds = 0; rounds < 10; rounds += 1) await setImmediate()
  expect(mostRunning).toBe(3)
  expect(running).toBe(0)
  await expectFree(bulkhead, 3, 4)
})
