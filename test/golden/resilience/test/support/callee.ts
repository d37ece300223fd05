import { once } from 'node:events'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Another service, on this machine. */
export class Callee {
  /** How it answers. Set this to make it fail, hang or recover. */
  answer: RequestListener
  /** Method and path of each request so far. */
  readonly requests: string[] = []
  readonly #server: Server
  readonly #open = new Set<ServerResponse>()
  #port = 0

  constructor(answer: RequestListener = (_request, response) => response.end('{}')) {
    this.answer = answer
    this.#server = createServer((request, response) => {
      this.requests.push(`${request.method} ${request.url}`)
      this.#open.add(response)
      response.once('close', () => this.#open.delete(response))
      this.answer(request, response)
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Requests that haven't been answered completely. */
  get pending(): number {
    return this.#open.size
  }

  /** Starts listening, on the same port each time. */
  async start(): Promise<this> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Closes all connections and stops listening. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

/** Answers every request with this status and body. */
export function answer(
  status: number,
  body = '',
  headers: Record<string, string> = {},
): RequestListener {
  return (_request, response) => {
    response.writeHead(status, headers).end(body)
  }
}
