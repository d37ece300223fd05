import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'

let app: FastifyInstance
const elapsed: number[] = []

beforeAll(async () => {
  app = await testApp()
  app.addHook('onSend', async (_request, reply) => {
    elapsed.push(reply.elapsedTime)
  })
})

afterAll(() => app.close())

test.each(['/health/live', '/nowhere'])('%s says how long it took', async (url) => {
  const { headers } = await app.inject(url)
  const dur = Number(/^app;dur=(\d+\.\d{3})$/.exec(String(headers['server-timing']))?.[1])
  expect(dur).toBeGreaterThan(0)
  expect(dur).toBeLessThanOrEqual((elapsed.at(-1) ?? 0) + 0.001)
  expect(headers['x-process-time']).toMatch(/^\d+\.\d{6}$/)
  expect(Number(headers['x-process-time'])).toBeCloseTo(dur / 1_000, 6)
})
