import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Another service, on this machine. */
export class Callee {
  readonly #server: Server
  #port = 0
  #busy = 0

  constructor(answer: RequestListener) {
    this.#server = createServer((request, response) => {
      this.#busy += 1
      response.once('close', () => {
        this.#busy -= 1
      })
      answer(request, response)
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** How many requests wait for a response, or for its end. */
  get busy(): number {
    return this.#busy
  }

  /** Starts it; again on the same port after `stop`. */
  async start(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Cuts every connection and listens no more. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}
