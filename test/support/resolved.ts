import type { Facts } from '../../src/dev/facts.ts'
import type { Command } from '../../src/model/plan.ts'
import { shellText } from '../../src/options/shell-text.ts'
import type { foreignFacts } from './facts.ts'

/** A project in short. */
export type Text = NonNullable<Parameters<typeof foreignFacts>[0]>

/** Resolves to the line that somebody would type. */
export function resolvedWith<O>(resolve: (facts: Facts, options: O) => Command) {
  return (facts: Facts, options: O): string => {
    const { program, args } = resolve(facts, options)
    return shellText([program, ...args])
  }
}
