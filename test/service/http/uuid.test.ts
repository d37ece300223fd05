import { expect, test } from 'vitest'
import { uuidv7 } from '../../src/http/uuid.ts'

test('is a UUID of version 7 with the present time', () => {
  const id = uuidv7()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
  expect(Math.abs(Date.now() - time)).toBeLessThan(1_000)
})

test('sorts in the order of creation, also within a millisecond, and never repeats', () => {
  const ids = Array.from({ length: 50_000 }, () => uuidv7())
  expect(ids).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})
