import { expect, test } from 'vitest'
import { fuzz } from '../support/fuzz/fuzz.ts'

test('many thousands of random requests are answered soundly', { timeout: 600_000 }, async () => {
  const statuses = await fuzz(10_000)
  console.info(statuses)
  for (const status of [200, 400, 404, 405, 408, 431]) {
    expect(statuses[status], `${status}`).toBeGreaterThan(0)
  }
})
