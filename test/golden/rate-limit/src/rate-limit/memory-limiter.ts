import { BoundedMap } from './bounded-map.ts'
import type { Decision, Limiter } from './limiter.ts'
import type { Rule } from './rule.ts'
import { type Log, slide, slidingDecision } from './sliding-window.ts'
import { type Bucket, bucketDecision, fits, levelAt } from './token-bucket.ts'

/** The clock of the process in whole microseconds, which no change of the date moves. */
export function processClock(): number {
  return Math.floor(performance.now() * 1_000)
}

/** So many units of a log take as much memory as a counter with its key. */
const unitsOfCounter = 20

/** Counts in this process, without waiting for anything. */
export class MemoryLimiter implements Limiter {
  readonly #buckets: BoundedMap<Bucket>
  readonly #logs: BoundedMap<Log>
  readonly #now: () => number

  /**
   * @param keys most counters of each algorithm, where 20 units in a sliding window are as much as
   *   one; those that are silent longest are forgotten
   * @param now gives whole microseconds
   */
  constructor(keys: number, now: () => number = processClock) {
    this.#buckets = new BoundedMap(keys)
    this.#logs = new BoundedMap(keys, (log) => 1 + log.length / unitsOfCounter)
    this.#now = now
  }

  check(key: string, rule: Rule, cost: number): Decision {
    return this.#ask(rule.id + key, rule, cost, true)
  }

  inspect(key: string, rule: Rule): Decision {
    return this.#ask(rule.id + key, rule, 1, false)
  }

  reset(key: string, rule: Rule): void {
    this.#buckets.delete(rule.id + key)
    this.#logs.delete(rule.id + key)
  }

  #ask(id: string, rule: Rule, cost: number, take: boolean): Decision {
    if (rule.algorithm === 'token-bucket') return this.#askBucket(id, rule, cost, take)
    const known = this.#logs.get(id)
    const log = known ?? []
    const state = slide(log, rule, cost, this.#now(), take)
    if (take && state.allowed) {
      this.#logs.set(id, log, known === undefined ? undefined : cost / unitsOfCounter)
    }
    return slidingDecision(state, rule)
  }

  #askBucket(id: string, rule: Rule, cost: number, take: boolean): Decision {
    const now = this.#now()
    const bucket = this.#buckets.get(id)
    const level = bucket === undefined ? 0 : levelAt(bucket, rule, now)
    const allowed = fits(level, rule, cost)
    if (!allowed || !take) return bucketDecision(allowed, level, rule, cost)
    const next = level + cost * rule.windowUs
    if (bucket === undefined) this.#buckets.set(id, { level: next, at: now })
    else {
      bucket.level = next
      bucket.at = Math.max(bucket.at, now)
    }
    return bucketDecision(true, next, rule, cost)
  }
}
