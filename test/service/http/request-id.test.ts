import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '../../../src/http/uuid.ts'
import { testApp } from '../../support/app.ts'

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('the id of a request', () => {
  let app: FastifyInstance

  beforeAll(async () => {
    app = await testApp()
  })

  afterAll(() => app.close())

  async function idFor(given: string) {
    const headers = { 'x-request-id': given }
    const response = await app.inject({ url: '/health/live', headers })
    return response.headers['x-request-id']
  }

  test.each(['abc-123', 'A_b.c', 'x'.repeat(128)])('%s is kept', async (id) => {
    expect(await idFor(id)).toBe(id)
  })

  test.each(['', 'a b', 'a\tb', 'a,b', 'a"b', 'é', '{}', '<script>', 'x'.repeat(129)])(
    '%j is replaced',
    async (id) => {
      expect(await idFor(id)).toMatch(pattern)
    },
  )
})

describe('uuidv7', () => {
  test('is a UUID of version 7 with the current time', () => {
    const before = Date.now()
    const id = uuidv7()
    expect(id).toMatch(pattern)
    const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now() + 1)
  })

  test('sorts in the order of creation, also within a millisecond, and never repeats', () => {
    const ids = Array.from({ length: 50_000 }, () => uuidv7())
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids).size).toBe(ids.length)
  })
})
