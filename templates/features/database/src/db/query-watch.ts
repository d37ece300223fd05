/** A statement that was executed, or a connection that couldn't be opened. */
export interface WatchedQuery {
  /** Its SQL, without values; `CONNECT` for a connection. */
  readonly statement: string
  readonly seconds: number
  readonly error: unknown
}

export type QueryListener = (query: WatchedQuery) => void

/** Tells listeners about every query of a database. */
export class QueryWatch {
  readonly #listeners = new Set<QueryListener>()

  /** Returns what removes the listener. */
  add(listener: QueryListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins to measure; call the result when the statement has ended. */
  begin(statement: string): (error?: unknown) => void {
    const start = performance.now()
    return (error) => {
      const seconds = (performance.now() - start) / 1_000
      for (const listener of this.#listeners) listener({ statement, seconds, error })
    }
  }

  /** Waits for a statement, and measures it. */
  async watch<T>(statement: string, result: Promise<T>): Promise<T> {
    const end = this.begin(statement)
    try {
      const value = await result
      end()
      return value
    } catch (error) {
      end(error)
      throw error
    }
  }
}
