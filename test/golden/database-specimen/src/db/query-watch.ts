/** Hears of a statement that has ended: its SQL without values, and its error if it failed. */
export type QueryListener = (statement: string, milliseconds: number, error?: unknown) => void

export type QueryWatch = ReturnType<typeof createQueryWatch>

/** Tells listeners about the statements of a database. */
export function createQueryWatch() {
  const listeners = new Set<QueryListener>()

  async function time<T>(statement: string, result: Promise<T>): Promise<T> {
    const start = performance.now()
    const tell = (error?: unknown) => {
      for (const listener of listeners) listener(statement, performance.now() - start, error)
    }
    result.then(() => tell(), tell)
    return result
  }

  return {
    time,

    onQuery: (listener: QueryListener) => void listeners.add(listener),

    /** The same method of a driver, watched. With a callback it belongs to another one, or to us. */
    watched<Query extends (...args: never[]) => unknown>(query: Query): Query {
      const call = query as unknown as (...args: unknown[]) => unknown
      const watched = (...args: unknown[]) => {
        const [statement] = args as [string | { text: string }]
        const result = call(...args)
        if (!(result instanceof Promise)) return result
        return time(typeof statement === 'string' ? statement : statement.text, result)
      }
      return watched as unknown as Query
    },
  }
}
