import { LRUCache } from 'lru-cache'
import type { Identity } from '../http/route-policy.ts'

/** Somebody who proved who they are, and until when that may be believed, in Unix milliseconds. */
export interface Proof {
  identity: Identity
  until: number
}

/** More credentials than these are not in use at the same time. */
const most = 10_000

/**
 * Remembers which credentials were good, so that a request costs neither a signature nor a query.
 * What is taken back in this process is forgotten at once, also by checks that are under way; other
 * processes notice when `ttlMs` has passed.
 */
export class CredentialCache {
  readonly #proofs = new LRUCache<string, Proof>({ max: most })
  readonly #checks = new Map<string, Promise<Proof>>()
  readonly #ttlMs: number

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs
  }

  known(key: string): Identity | undefined {
    const proof = this.#proofs.get(key)
    return proof !== undefined && Date.now() < proof.until ? proof.identity : undefined
  }

  /** Runs `check` unless it runs already for this key; what fails is not remembered. */
  async prove(key: string, check: () => Promise<Proof>): Promise<Identity> {
    const running = this.#checks.get(key) ?? this.#start(key, check)
    return (await running).identity
  }

  /** Forgets whatever `matches`. */
  forget(matches: (identity: Identity) => boolean): void {
    for (const [key, { identity }] of this.#proofs.entries()) {
      if (matches(identity)) this.#proofs.delete(key)
    }
    // They may have asked the database before, so what they find counts for who waits already only.
    this.#checks.clear()
  }

  #start(key: string, check: () => Promise<Proof>): Promise<Proof> {
    const latest = Date.now() + this.#ttlMs
    const running = check()
    this.#checks.set(key, running)
    running
      .then(
        ({ identity, until }) => {
          if (this.#checks.get(key) !== running) return
          this.#proofs.set(key, { identity, until: Math.min(until, latest) })
        },
        () => {},
      )
      .finally(() => {
        if (this.#checks.get(key) === running) this.#checks.delete(key)
      })
    return running
  }
}
