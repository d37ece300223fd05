import { expect, test } from 'vitest'
import { fuzz } from '../support/fuzz/fuzz.ts'
import { seed } from '../support/seed.ts'

/*
 * To repeat a failure: FUZZ_SEED=<seed>, and FUZZ_ONLY=<number> for its connection alone.
 * FUZZ_REQUESTS sets how many requests each seed sends.
 */

const { FUZZ_SEED, FUZZ_REQUESTS, FUZZ_ONLY } = process.env
const requests = Number(FUZZ_REQUESTS ?? 10_000)
const only = FUZZ_ONLY === undefined ? undefined : Number(FUZZ_ONLY)
const seeds = FUZZ_SEED === undefined ? [seed, seed + 1, seed + 2] : [Number(FUZZ_SEED)]

test.each(seeds)(`answers ${requests} random requests soundly, from seed %i`, async (start) => {
  const statuses = await fuzz({ seed: start, requests, only })
  console.info(`${requests} requests from seed ${start}: ${JSON.stringify(statuses)}`)
  if (only !== undefined || requests < 10_000) return
  // Otherwise too many requests were refused before they reached anything.
  for (const status of [200, 400, 404, 405, 408, 431]) {
    expect(statuses[status], `responses with status ${status}`).toBeGreaterThan(0)
  }
})
