import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'

const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp()
})

afterAll(() => app.close())

async function idFor(given?: string) {
  const headers = given === undefined ? {} : { 'x-request-id': given }
  const response = await app.inject({ url: '/health/live', headers })
  return response.headers['x-request-id']
}

test('a request without an id gets a new one', async () => {
  const first = await idFor()
  expect(first).toMatch(uuidv7)
  expect(await idFor()).not.toBe(first)
})

test.each(['abc-123', 'A_b.c', 'x'.repeat(128)])('%s is kept', async (id) => {
  expect(await idFor(id)).toBe(id)
})

test.each(['', 'a b', 'a,b', 'a"b', 'é', '{}', 'x'.repeat(129)])('%j is replaced', async (id) => {
  expect(await idFor(id)).toMatch(uuidv7)
})
