import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands before a server of others, so that a test can take it away without stopping it. */
export class TcpProxy {
  readonly #target: URL
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port = 0
  #silent = false

  /** @param url of the server behind it */
  constructor(url: string) {
    this.#target = new URL(url)
  }

  /** The URL of the server, by way of the proxy. */
  get url(): string {
    const url = new URL(this.#target)
    url.hostname = '127.0.0.1'
    url.port = String(this.#port)
    return url.href
  }

  /** Lets connections through, from now on or again; on the same port. */
  async open(): Promise<this> {
    this.#silent = false
    for (const socket of this.#sockets) socket.resume()
    if (this.#server) return this
    this.#server = createServer((client) => this.#join(client)).listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Cuts every connection, and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  /** Takes connections, and lets nothing through. */
  hang(): void {
    this.#silent = true
    for (const socket of this.#sockets) socket.pause()
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port || 6379), this.#target.hostname)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (chunk) => to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
      if (this.#silent) from.pause()
    }
  }
}
