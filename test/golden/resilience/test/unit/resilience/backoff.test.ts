import { expect, test } from 'vitest'
import { fullJitter } from '../../../src/resilience/backoff.ts'
import { randomFrom } from '../../support/random.ts'

const limits = { baseMs: 100, maxMs: 1_000 }

test('the longest wait doubles up to the cap', () => {
  const longest = [1, 2, 3, 4, 5, 6, 2_000].map((attempt) => fullJitter(attempt, limits, () => 1))
  expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000])
})

test('the jitter is full: waits are spread evenly from nothing to the longest', () => {
  const random = randomFrom(1)
  const waits = Array.from({ length: 4_000 }, () => fullJitter(3, limits, random))
  for (const quarter of [0, 1, 2, 3]) {
    const share = waits.filter((ms) => Math.floor(ms / 100) === quarter).length / waits.length
    expect(share).toBeCloseTo(0.25, 1)
  }
})
