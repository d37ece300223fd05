import type { Redis } from 'ioredis'
import { ServiceUnavailableError } from '../http/app-error.ts'
import {
  type Dimension,
  dimensions,
  hourOf,
  keptHours,
  keptNames,
  type Refusal,
  type Refusals,
  Tallies,
  type Tally,
} from './refusals.ts'

/** How long counts wait in this process until they are saved together, in milliseconds. */
const pauseMs = 1_000

/**
 * Counts in Redis, for all processes: a sorted set for each dimension and hour. Refusals come in
 * masses, so each process adds up its own and saves them once a second.
 */
export class RedisRefusals implements Refusals {
  readonly #redis: Redis
  readonly #now: () => number
  #unsaved = newTallies()
  #timer: NodeJS.Timeout | undefined

  /** @param now gives milliseconds since 1970 */
  constructor(redis: Redis, now: () => number = Date.now) {
    this.#redis = redis
    this.#now = now
  }

  add(refusal: Refusal): void {
    for (const by of dimensions) this.#unsaved[by].add(refusal[by])
    this.#timer ??= setTimeout(() => void this.#save(), pauseMs).unref()
  }

  /** Rejects with a {@link ServiceUnavailableError} while Redis does not answer. */
  async top(by: Dimension, count: number, hours: number): Promise<Tally[]> {
    await this.#save()
    const sets = await this.#read(by, hours)
    const sum = new Tallies()
    for (const set of sets) {
      for (let at = 0; at < set.length; at += 2) sum.add(set[at] ?? '', Number(set[at + 1]))
    }
    return sum.top(count)
  }

  close(): Promise<void> {
    return this.#save()
  }

  async #read(by: Dimension, hours: number): Promise<string[][]> {
    const present = hourOf(this.#now())
    const keys = Array.from({ length: hours }, (_, ago) => keyOf(by, present - ago))
    try {
      return await Promise.all(
        keys.map((key) => this.#redis.zrevrange(key, 0, keptNames - 1, 'WITHSCORES')),
      )
    } catch (cause) {
      throw new ServiceUnavailableError('The counts cannot be read now.', 1, { cause })
    }
  }

  /** What cannot be saved is lost: nobody knows how much of it arrived, and twice would be wrong too. */
  async #save(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const saved = this.#unsaved
    this.#unsaved = newTallies()
    const pipeline = this.#redis.pipeline()
    const hour = hourOf(this.#now())
    for (const by of dimensions) {
      const tallies = saved[by].top(keptNames)
      if (tallies.length === 0) continue
      const key = keyOf(by, hour)
      for (const { name, refused } of tallies) pipeline.zincrby(key, refused, name)
      pipeline.zremrangebyrank(key, 0, -keptNames - 1)
      pipeline.expire(key, (keptHours + 1) * 3_600)
    }
    if (pipeline.length === 0) return
    await pipeline.exec().catch(() => {})
  }
}

function newTallies(): Record<Dimension, Tallies> {
  return { client: new Tallies(), route: new Tallies(), agent: new Tallies() }
}

function keyOf(by: Dimension, hour: number): string {
  return `rate-limit:refused:${by}:${hour}`
}
