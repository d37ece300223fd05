import { expect, test } from 'vitest'
import { parseRetryAfter } from '../../../src/resilience/retry-after.ts'

const now = Date.UTC(1994, 10, 6, 8, 49, 7)

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 30_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 30_000],
  ['Sun Nov  6 08:49:37 1994', 30_000],
  ['Sat, 05 Nov 1994 08:49:37 GMT', 0],
])('%j is %d ms', (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms)
})

test.each([
  null,
  '',
  '-1',
  '1.5',
  '1e3',
  '10s',
  'soon',
  '1994-11-06',
  'Sun, 99 Nov 1994 08:49:37 GMT',
])('%j is nothing', (header) => {
  expect(parseRetryAfter(header, now)).toBeUndefined()
})
