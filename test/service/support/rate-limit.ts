import { vi } from 'vitest'
import type { RouteLimit } from '../../../src/http/route-policy.ts'
import type { Decision } from '../../../src/rate-limit/limiter.ts'
import { makeRules, type Rule } from '../../../src/rate-limit/rules.ts'
import { randomFrom } from '../../support/random.ts'

/** A rule of ten requests a second, where a test doesn't say otherwise. */
export function rule(limit: Partial<RouteLimit> = {}, scope = 'test'): Rule {
  return makeRules(scope, { name: 'test', limit: 10, window: 1, ...limit }).usual
}

/** Whole numbers from 0 up to, but not including, `below`; the same for the same seed. */
export function numbersFrom(seed: number): (below: number) => number {
  const random = randomFrom(seed)
  return (below) => Math.floor(random() * below)
}

/** Puts a clock in the place of the process', which stands still until a test moves it. */
export class FakeClock {
  /** In milliseconds. */
  now = 10_000_000_000

  constructor() {
    vi.spyOn(performance, 'now').mockImplementation(() => this.now)
  }
}

/** A request as its sender saw it; times in milliseconds. */
export interface Sample {
  begin: number
  end: number
  admitted: boolean
}

/**
 * The most requests that were certainly admitted within a span of time, less what is allowed for its
 * length in milliseconds. Above 0 the limit was broken: a request is decided between its begin and
 * its end.
 */
export function worstExcess(
  samples: readonly Sample[],
  allowance: (ms: number) => number,
  longest = Number.POSITIVE_INFINITY,
): number {
  const admitted = samples.filter((sample) => sample.admitted)
  let worst = Number.NEGATIVE_INFINITY
  for (const { begin } of admitted) {
    const after = admitted.filter((it) => it.begin >= begin).sort((a, b) => a.end - b.end)
    for (const [index, { end }] of after.entries()) {
      if (end - begin >= longest) break
      worst = Math.max(worst, index + 1 - allowance(end - begin))
    }
  }
  return worst
}

/** Whether a decision let a request pass. */
export const isAllowed = ({ allowed }: Decision) => allowed
