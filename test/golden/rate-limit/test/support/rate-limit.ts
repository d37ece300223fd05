import type { Decision } from '../../src/rate-limit/limiter.ts'
import { makeRule, type Rule, type RuleInit } from '../../src/rate-limit/rule.ts'
import { randomFrom } from './random.ts'

/** A rule of ten a second, where the test does not say it. */
export function rule(init: Partial<RuleInit> = {}): Rule {
  return makeRule({
    name: 'test',
    scope: 'test',
    algorithm: 'token-bucket',
    limit: 10,
    window: 1,
    ...init,
  })
}

/** Microseconds that stand still until a test advances them. */
export class MicroClock {
  now = 1_700_000_000_000_000
  readonly read = () => this.now
}

/** Whole numbers from 0 up to, and without, `below`; the same for the same seed. */
export function numbersFrom(seed: number): (below: number) => number {
  const random = randomFrom(seed)
  return (below) => Math.floor(random() * below)
}

/** A request as its sender saw it; times in milliseconds. */
export interface Sample {
  begin: number
  end: number
  admitted: boolean
}

/**
 * The most that was surely admitted within a span of time, less what may be: `allowance(ms)` for a
 * span of so many milliseconds. Above 0 the limit was broken: a request is decided between its
 * begin and its end, so all of these were decided within the span.
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
