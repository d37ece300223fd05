/** Work whose end is up to the test. */
export interface Call<T = string> {
  readonly work: () => Promise<T>
  succeed(value: T): void
  fail(error?: unknown): void
}

/** Makes work that goes on until the test ends it. */
export function openCall<T = string>(): Call<T> {
  let succeed: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((resolve, refuse) => {
    succeed = resolve
    reject = refuse
  })
  // Nobody may have begun it, or still wait for it.
  promise.catch(() => {})
  return { work: () => promise, succeed, fail: (error = new Error('down')) => reject(error) }
}

/** The error of a call that has to fail. */
export async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('The call did not fail.')
}
