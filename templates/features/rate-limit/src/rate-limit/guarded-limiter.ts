import { ServiceUnavailableError } from '../http/app-error.ts'
import type { Decision, Eventually, Limiter } from './limiter.ts'
import type { Rule } from './rule.ts'

/** Pause between two questions to a store that does not answer, in milliseconds. */
const pauseMs = 1_000

/** What becomes of the store. */
export interface StoreEvents {
  onLost(error: unknown): void
  /** @param judged decisions without the store; a request that meets two limits is two */
  onBack(judged: number): void
}

export interface GuardOptions extends StoreEvents {
  /** Decides while the store is away; without one every request is refused with a 503. */
  standIn: Limiter | undefined
  /** Milliseconds that never go back. */
  now?: () => number
}

/**
 * A limiter that lives on without its store. After a failure the store is asked once a second, by
 * one request, so a dead one costs the others nothing.
 */
export class GuardedLimiter implements Limiter {
  readonly #store: Limiter
  readonly #standIn: Limiter | undefined
  readonly #events: StoreEvents
  readonly #now: () => number
  #lost = false
  /** Counts losses and returns: an answer to a question of an earlier era says nothing of now. */
  #era = 0
  #askAgainAt = 0
  #judged = 0
  #reason: unknown

  constructor(store: Limiter, { standIn, now = () => performance.now(), ...events }: GuardOptions) {
    this.#store = store
    this.#standIn = standIn
    this.#events = events
    this.#now = now
  }

  /** @throws {ServiceUnavailableError} (or rejects) while the store is away and nothing stands in */
  check(key: string, rule: Rule, cost: number): Eventually<Decision> {
    return this.#ask((limiter) => limiter.check(key, rule, cost))
  }

  /** @throws {ServiceUnavailableError} (or rejects) while the store is away and nothing stands in */
  inspect(key: string, rule: Rule): Eventually<Decision> {
    return this.#ask((limiter) => limiter.inspect(key, rule))
  }

  /** Rejects with a {@link ServiceUnavailableError} while the store is away: it would not forget. */
  async reset(key: string, rule: Rule): Promise<void> {
    await this.#standIn?.reset(key, rule)
    try {
      await this.#store.reset(key, rule)
    } catch (error) {
      throw unavailable(error)
    }
  }

  #ask<T>(question: (limiter: Limiter) => Eventually<T>): Eventually<T> {
    if (this.#lost) {
      const now = this.#now()
      if (now < this.#askAgainAt) return this.#without(question)
      this.#askAgainAt = now + pauseMs
    }
    return this.#with(question)
  }

  /** Every request comes by here: `await` would cost it two turns of the queue more. */
  #with<T>(question: (limiter: Limiter) => Eventually<T>): Promise<T> {
    const era = this.#era
    const found = (answer: T) => {
      if (era === this.#era) this.#find()
      return answer
    }
    const failed = (error: unknown) => {
      if (era === this.#era) this.#lose(error)
      return this.#without(question)
    }
    try {
      return Promise.resolve(question(this.#store)).then(found, failed)
    } catch (error) {
      return Promise.resolve(failed(error))
    }
  }

  #without<T>(question: (limiter: Limiter) => Eventually<T>): Eventually<T> {
    this.#judged += 1
    if (this.#standIn !== undefined) return question(this.#standIn)
    throw unavailable(this.#reason)
  }

  #lose(error: unknown): void {
    if (this.#lost) return
    this.#lost = true
    this.#era += 1
    this.#judged = 0
    this.#reason = error
    this.#askAgainAt = this.#now() + pauseMs
    this.#events.onLost(error)
  }

  #find(): void {
    if (!this.#lost) return
    this.#lost = false
    this.#era += 1
    this.#events.onBack(this.#judged)
  }
}

function unavailable(cause: unknown): ServiceUnavailableError {
  const detail = 'Requests cannot be counted now.'
  return new ServiceUnavailableError(detail, pauseMs / 1_000, { cause })
}
