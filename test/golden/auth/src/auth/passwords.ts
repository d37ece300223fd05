import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { LRUCache } from 'lru-cache'
import { RateLimitError, ServiceUnavailableError } from '../http/app-error.ts'

/** Longer passwords are harder to guess; beyond 128 characters they only cost time. */
export const passwordLength = { minLength: 12, maxLength: 128 } as const

/**
 * What one hash costs: memory is 128 · r · 2^logN bytes, and time grows with `p`. This is 64 MiB and
 * about a quarter of a second of one core, one of the equally strong settings of OWASP. Tests lower
 * it.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
export const passwordCost = { logN: 16, r: 8, p: 2 }

/**
 * Hashes at the same time, so 128 MiB at most. Each occupies one of the four threads with which
 * Node.js also reads files and resolves names.
 */
const maxConcurrentHashes = 2

/** Further callers would have given up before their turn. */
const maxWaitingHashes = 100

const saltBytes = 16
const hashBytes = 32

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

export type Passwords = ReturnType<typeof passwordHasher>

/** Hashes and verifies passwords, a few at a time. */
export function passwordHasher(cost = passwordCost) {
  const prefix = `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$`
  const waiting: (() => void)[] = []
  let running = 0

  async function hashOf(password: string, salt: Buffer, { logN, r, p }: typeof passwordCost) {
    if (running < maxConcurrentHashes) running += 1
    else if (waiting.length < maxWaitingHashes) {
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else throw new ServiceUnavailableError('Too many logins at the moment.')
    try {
      const N = 2 ** logN
      // Keyboards may write the same letter as different code points.
      const text = password.normalize('NFKC')
      return await derive(text, salt, hashBytes, { N, r, p, maxmem: 128 * r * (N + p + 2) })
    } finally {
      // The slot goes straight to the next caller, so nobody can take it in between.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    /**
     * Gives `$scrypt$ln=16,r=8,p=2$<salt>$<hash>` (PHC string format).
     *
     * @throws {ServiceUnavailableError} when too many callers wait
     */
    async hash(password: string): Promise<string> {
      const salt = randomBytes(saltBytes)
      return `${prefix}${encode(salt)}$${encode(await hashOf(password, salt, cost))}`
    },

    /**
     * Whether the password is the one that was hashed. Without a hash it isn't, and finding out
     * takes as long, so that response times don't tell which accounts exist.
     *
     * @throws {ServiceUnavailableError} when too many callers wait
     */
    async verify(password: string, encoded: string | null): Promise<boolean> {
      if (encoded === null) {
        await hashOf(password, randomBytes(saltBytes), cost)
        return false
      }
      const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]{43})$/.exec(encoded)
      if (match === null) throw new Error('A stored password hash has an unknown format.')
      const [, logN, r, p, salt = '', hash = ''] = match
      const stored = { logN: Number(logN), r: Number(r), p: Number(p) }
      const derived = await hashOf(password, Buffer.from(salt, 'base64'), stored)
      return timingSafeEqual(derived, Buffer.from(hash, 'base64'))
    },

    /** Whether a new hash would have another cost. */
    isOutdated: (encoded: string) => !encoded.startsWith(prefix),
  }
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

const attemptWindowMs = 15 * 60_000
const maxAttemptsOfAccount = 10
const maxAttemptsOfAddress = 100

/** Accounts and addresses that are remembered; those not seen for longest are forgotten. */
const maxTracked = 20_000

/**
 * Bounds how often passwords are guessed: for one account from any number of addresses, and from one
 * address for any number of accounts. It counts failures, in this process.
 */
export class LoginAttempts {
  // The window begins with the first failure.
  readonly #failures = new LRUCache<string, number>({
    max: maxTracked,
    ttl: attemptWindowMs,
    noUpdateTTL: true,
  })

  /**
   * Counts an attempt as a failure before its outcome is known, so that parallel guesses count too.
   *
   * @throws {RateLimitError} when there were too many
   */
  begin(account: string, address: string): void {
    // A blocked address must not use up the attempts of accounts.
    this.#count(`address ${address}`, maxAttemptsOfAddress)
    this.#count(`account ${account}`, maxAttemptsOfAccount)
  }

  /** Takes back what `begin` counted, and forgets the failures of the account. */
  succeed(account: string, address: string): void {
    this.#failures.delete(`account ${account}`)
    const key = `address ${address}`
    this.#failures.set(key, Math.max(0, (this.#failures.get(key) ?? 0) - 1))
  }

  #count(key: string, limit: number): void {
    const failures = this.#failures.get(key) ?? 0
    if (failures >= limit) {
      const seconds = this.#failures.getRemainingTTL(key) / 1000
      throw new RateLimitError(Math.max(1, seconds), 'Too many failed logins. Try again later.')
    }
    this.#failures.set(key, failures + 1)
  }
}
