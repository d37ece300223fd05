import { HttpStatusError } from '../../../src/resilience/http-client.ts'

/** An error of the callee. */
export const unavailable = new HttpStatusError('GET http://callee/', 503)

export const fail = () => Promise.reject(unavailable)
export const succeed = async () => 'done'
export const hang = () => new Promise<never>(() => {})

/** A call whose end is up to the test. */
export interface Call {
  readonly work: (signal?: AbortSignal) => Promise<string>
  succeed(): void
  fail(): void
}

/** Makes a call that goes on until the test ends it, or its signal is aborted. */
export function openCall(): Call {
  let succeed = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<string>((resolve, refuse) => {
    succeed = () => resolve('done')
    reject = refuse
  })
  // The test may end it before anybody waits for it, or when nobody does any more.
  promise.catch(() => {})
  return {
    work(signal) {
      signal?.addEventListener('abort', () => reject(signal.reason))
      return promise
    },
    succeed,
    fail: () => reject(unavailable),
  }
}

/** The error of a call that must fail. */
export async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('The call did not fail.')
}
