import { expect, test } from 'vitest'
import { fuzz } from '../support/fuzz/fuzz.ts'

test('requests of every kind are answered soundly', async () => {
  const statuses = await fuzz(300)
  // Were most of them refused at the door, nothing behind it would have been tried.
  expect(statuses[200]).toBeGreaterThan(10)
})
