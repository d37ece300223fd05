/** The circuit is open: the call was not made. */
export class CircuitOpenError extends Error {
  readonly circuit: string
  /** When the next trial is due, in milliseconds. */
  readonly retryAfterMs: number

  constructor(circuit: string, retryAfterMs: number) {
    super(`The circuit ${circuit} is open.`)
    this.name = new.target.name
    this.circuit = circuit
    this.retryAfterMs = retryAfterMs
  }
}

/** So many calls run and wait already that this one was not made. */
export class BulkheadFullError extends Error {
  constructor(concurrency: number, queue: number) {
    super(`${concurrency} calls run and ${queue} wait.`)
    this.name = new.target.name
  }
}

/** The call took too long. */
export class TimeoutError extends Error {
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms.`)
    this.name = new.target.name
    this.timeoutMs = timeoutMs
  }
}

/** A response that is none of the expected. Its body is gone. */
export class HttpStatusError extends Error {
  readonly status: number
  /** How long the server asks to wait, in milliseconds, where it does. */
  readonly retryAfterMs: number | undefined

  /** @param request method and URL; without a query, which may hold secrets */
  constructor(request: string, status: number, retryAfterMs?: number) {
    super(`${request} answered ${status}.`)
    this.name = new.target.name
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}
