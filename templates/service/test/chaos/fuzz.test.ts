import { expect, test } from 'vitest'
import { fuzz } from '../support/fuzz/fuzz.ts'

test('so are many thousands', { timeout: 600_000 }, async () => {
  const statuses = await fuzz(10_000)
  console.info(statuses)
  for (const status of [200, 400, 404, 405])
    expect(statuses[status], `${status}`).toBeGreaterThan(0)
})
