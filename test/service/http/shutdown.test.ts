import { expect, test } from 'vitest'
import { begunRequests, busyServer, leaveBehindBalancer } from '../support/leaving.ts'
import { workersRefusal } from '../support/workers-refusal.ts'

const refusal = workersRefusal()
if (refusal) console.info(`Left out: a service with several workers. ${refusal}`)

const whole = { keptOpen: 0, refused: 0, dropped: [] }
const last = expect.stringMatching(/^http\/1\.1 200 .*\r\nconnection: close/s)

for (const workers of [1, 2]) {
  test.skipIf(workers > 1 && refusal)(
    `SIGTERM behind a balancer, WORKERS=${workers}`,
    async (context) => {
      const env = workers > 1 ? { WORKERS: String(workers) } : {}
      const left = await leaveBehindBalancer(context, env)
      expect(left).toMatchObject({ outcome: whole, heads: Array(5).fill(last), code: 0 })
      expect(left.outcome.closing).toBeGreaterThan(10)
      expect(left.stderr).toBe('')
    },
  )
}

test('SIGTERM without a delay: connections that are in use end with an answer', async (context) => {
  const { server, traffic } = await busyServer(context, {}, { keepAlive: 20, fresh: 0 })
  const begun = begunRequests(server.url, 5)
  await expect.poll(() => fetch(`${server.url}/health/live`).then(({ ok }) => ok)).toBe(true)
  traffic.leave()
  server.signal('SIGTERM')
  const { dropped, closing, answered } = await traffic.ended()
  expect({ dropped, closing }).toEqual({ dropped: [], closing: 20 })
  expect(await begun.finish()).toEqual(Array(5).fill(last))
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.stderr).toBe('')
  console.info(`${context.task.name}: ${answered} requests, ${dropped.length} dropped`)
})

test('SIGTERM without a delay or a balancer: who comes too late is refused', async (context) => {
  const { server, traffic } = await busyServer(context, {}, { keepAlive: 5, fresh: 15 })
  server.signal('SIGTERM')
  const { answered, refused, dropped } = await traffic.ended()
  // Whoever connects in the last moment is reset by the system: only a delay helps against that.
  console.info(
    `${context.task.name}: ${answered} requests, ${refused} refused, ${dropped.length} reset`,
  )
  expect(refused).toBe(20)
  expect(await server.exit()).toEqual({ code: 0, signal: null })
})
