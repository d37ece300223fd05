import { ServiceUnavailableError } from '../http/app-error.ts'
import { type Cost, costOf, hashPassword, isOutdated, verifyPassword } from './password.ts'

/** Long ones are hard to guess; above 128 characters they are only work. */
export const passwordLength = { minLength: 12, maxLength: 128 } as const

/** More than these wait for nothing: whoever came last will have given up. */
const longestQueue = 100

/** Hashes passwords, few at a time: each takes much memory and a core. */
export class Passwords {
  readonly #cost: Cost
  readonly #concurrency: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor({
    scryptLogN,
    hashingConcurrency,
  }: Record<'scryptLogN' | 'hashingConcurrency', number>) {
    this.#cost = costOf(scryptLogN)
    this.#concurrency = hashingConcurrency
  }

  /** @throws {ServiceUnavailableError} when too many wait already, as the others do */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hashPassword(password, this.#cost))
  }

  /** Takes as long for an account that has no hash, or is not there at all. */
  verify(password: string, encoded: string | null): Promise<boolean> {
    return this.#inTurn(() => verifyPassword(password, encoded, this.#cost))
  }

  isOutdated(encoded: string): boolean {
    return isOutdated(encoded, this.#cost)
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#concurrency) await this.#turn()
    else this.#running += 1
    try {
      return await work()
    } finally {
      // The place goes straight to the next one, so that nobody can slip in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= longestQueue) {
      throw new ServiceUnavailableError('Too many people log in at the moment.')
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
