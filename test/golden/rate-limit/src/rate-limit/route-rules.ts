import type { NamedLimit } from './presets.ts'
import { type Algorithm, countable, makeRule, type Rule } from './rule.ts'

/** How many times the usual limit each tier has, by its name. */
export type Tiers = ReadonlyMap<string, number>

/** Reads `free=1`, `premium=10`: the list of the configuration, which is known to be right. */
export function parseTiers(list: readonly string[]): Tiers {
  return new Map(
    list.map((entry) => {
      const [name = '', factor] = entry.split('=')
      return [name, Number(factor)]
    }),
  )
}

/** The rules of one scope: the usual one, and those of the tiers. All of them share a counter. */
export class RouteRules {
  readonly cost: number
  readonly usual: Rule
  readonly #byTier: ReadonlyMap<string, Rule>

  /**
   * @param tiers factors for the tiers that `limit.tiers` does not name
   * @throws {Error} for a limit that cannot be counted, or that no request fits into
   */
  constructor(scope: string, limit: NamedLimit, algorithm: Algorithm, tiers: Tiers) {
    const { name, window, cost = 1 } = limit
    const most = (units: number) =>
      makeRule({ name, scope, algorithm: limit.algorithm ?? algorithm, limit: units, window })
    this.cost = cost
    this.usual = most(limit.limit)
    if (!Number.isSafeInteger(cost) || cost < 1 || cost > limit.limit) {
      throw new Error(`${scope}: a cost must be a whole number from 1 to the limit, not ${cost}.`)
    }
    const named = limit.tiers ?? {}
    const scaled = [...tiers]
      .filter(([tier]) => !Object.hasOwn(named, tier))
      .map(([tier, factor]) => {
        // Otherwise no request of such a caller would ever be answered.
        const units = Math.max(cost, Math.round(limit.limit * factor))
        if (!countable(units, window)) {
          throw new Error(
            `RATE_LIMIT_TIERS: ${factor} times ${limit.limit} in ${window} s, for the tier ${tier} of ` +
              `${scope}, is too large to be counted. Let the route say what the tier has.`,
          )
        }
        return [tier, most(units)] as const
      })
    const own = Object.entries(named).map(
      ([tier, units]) => [tier, most(Math.max(cost, units))] as const,
    )
    this.#byTier = new Map([...scaled, ...own])
  }

  /** The rule of a tier; the usual one for none, and for one that nobody has heard of. */
  of(tier: string | undefined): Rule {
    return (tier !== undefined && this.#byTier.get(tier)) || this.usual
  }
}
