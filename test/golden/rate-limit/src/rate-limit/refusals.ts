import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { ServiceUnavailableError } from '../http/app-error.ts'

/** What refused requests are counted by: the client, the route, and the user agent. */
export const dimensions = ['client', 'route', 'agent'] as const
export type Dimension = (typeof dimensions)[number]

/** How often something was refused. */
export type Tally = { name: string; refused: number }

export const maxHours = 24
/** Names kept for each dimension and hour. */
export const maxNames = 1_000
/** Clients choose their user agents, and paths, as long as they like. */
const maxNameLength = 200
const saveIntervalMs = 1_000

/** Counts by name. Those of names that weren't refused for longest are dropped. */
type Counts = LRUCache<string, number>

/**
 * Counts refused requests by hour: in this process, or in Redis for all processes. Refusals come in
 * masses, so each process adds up its own and saves them to Redis once a second.
 */
export class Refusals {
  readonly #redis: Redis | undefined
  /** By dimension and hour. With Redis: what isn't saved yet. */
  readonly #counts = new LRUCache<string, Counts>({ max: dimensions.length * maxHours })
  #timer: NodeJS.Timeout | undefined

  constructor(redis?: Redis) {
    this.#redis = redis
  }

  add(refusal: Readonly<Record<Dimension, string>>): void {
    for (const by of dimensions) {
      const key = keyOf(by)
      const counts = this.#counts.get(key) ?? new LRUCache({ max: maxNames })
      const name = refusal[by].slice(0, maxNameLength)
      counts.set(name, (counts.get(name) ?? 0) + 1)
      this.#counts.set(key, counts)
    }
    if (this.#redis) this.#timer ??= setTimeout(() => void this.save(), saveIntervalMs).unref()
  }

  /**
   * What was refused most. Rejects with a {@link ServiceUnavailableError} while Redis is away.
   *
   * @param hours how many hours to add up, including the current one
   */
  async top(by: Dimension, count: number, hours: number): Promise<Tally[]> {
    await this.save()
    const sum = new Map<string, number>()
    for (let ago = 0; ago < hours; ago += 1) {
      for (const [name, refused] of await this.#read(keyOf(by, ago))) {
        sum.set(name, (sum.get(name) ?? 0) + refused)
      }
    }
    return [...sum]
      .map(([name, refused]) => ({ name, refused }))
      .sort((a, b) => b.refused - a.refused || (a.name < b.name ? -1 : 1))
      .slice(0, count)
  }

  /** Saves to Redis what isn't saved yet. A failure loses it: saving again could count it twice. */
  async save(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#redis === undefined) return
    const pipeline = this.#redis.pipeline()
    for (const [key, counts] of this.#counts.entries()) {
      for (const [name, refused] of counts.entries()) pipeline.zincrby(key, refused, name)
      pipeline.zremrangebyrank(key, 0, -maxNames - 1)
      pipeline.expire(key, (maxHours + 1) * 3_600)
    }
    this.#counts.clear()
    await pipeline.exec().catch(() => {})
  }

  async #read(key: string): Promise<Iterable<[name: string, refused: number]>> {
    if (this.#redis === undefined) return this.#counts.get(key)?.entries() ?? []
    const set = await this.#redis.zrevrange(key, 0, maxNames - 1, 'WITHSCORES').catch((cause) => {
      throw new ServiceUnavailableError('The counts cannot be read right now.', 1, { cause })
    })
    return set.flatMap((name, index) => (index % 2 === 0 ? [[name, Number(set[index + 1])]] : []))
  }
}

function keyOf(by: Dimension, hoursAgo = 0): string {
  return `rate-limit:refused:${by}:${Math.floor(Date.now() / 3_600_000) - hoursAgo}`
}
