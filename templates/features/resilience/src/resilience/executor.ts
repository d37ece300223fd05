/** What a policy runs. When `signal` is aborted nobody waits for it any longer: it should stop. */
export type Work<T> = (signal: AbortSignal) => T | PromiseLike<T>

/** What a caller says about one call. */
export interface CallOptions {
  /** Ends the call, also one that waits. */
  signal?: AbortSignal | undefined
  /** Whether doing it twice is as good as once. Default: true; `false` forbids retries. */
  idempotent?: boolean | undefined
}

/** Something that work is run through: a policy, or several of them. */
export abstract class Executor {
  /**
   * Runs the work.
   *
   * @throws what the work throws, an error of `errors.ts`, or the reason of an aborted signal
   */
  abstract exec<T>(work: Work<T>, options?: CallOptions): Promise<T>

  /** The same function, run through the policy each time; `options` hold for every call. */
  wrap<A extends unknown[], T>(
    work: (...args: A) => T | PromiseLike<T>,
    options?: CallOptions,
  ): (...args: A) => Promise<T> {
    return (...args) => this.exec(() => work(...args), options)
  }
}
