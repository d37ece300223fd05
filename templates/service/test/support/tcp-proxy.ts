import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * - `open`: passes everything on
 * - `silent`: takes connections and bytes, and passes nothing on; what was opened before stays so
 *   for good, as after a failover that nobody told the clients of
 * - `cut`: resets every connection, and every new one
 */
export type ProxyMode = 'open' | 'silent' | 'cut'

/** A network between a client and a server, on which a test has faults happen. */
export class TcpProxy {
  /** How long bytes take in each direction, in milliseconds. */
  latency = 0
  readonly #target: { host: string; port: number }
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #mode: ProxyMode = 'open'

  constructor(target: { host: string; port: number }) {
    this.#target = target
    this.#server = createServer((client) => this.#accept(client))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Clients that are connected. */
  get connections(): number {
    return this.#pairs.size
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  set mode(mode: ProxyMode) {
    this.#mode = mode
    for (const pair of this.#pairs) {
      if (mode === 'silent') pair.isSilent = true
      if (mode === 'cut') pair.cut()
    }
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.mode = 'cut'
    await closed
  }

  #accept(client: Socket): void {
    if (this.#mode === 'cut') {
      client.on('error', () => {}).resetAndDestroy()
      return
    }
    const pair = new Pair(client, connect(this.#target), () => this.latency)
    pair.isSilent = this.#mode === 'silent'
    this.#pairs.add(pair)
    client.once('close', () => this.#pairs.delete(pair))
  }
}

/** A connection of a client, and the one that stands behind it. */
class Pair {
  isSilent = false
  readonly #client: Socket
  readonly #server: Socket

  constructor(client: Socket, server: Socket, latency: () => number) {
    this.#client = client
    this.#server = server
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => this.#later(latency(), () => to.write(bytes)))
      from.once('close', () => this.#later(latency(), () => to.destroySoon()))
      // Whatever it was, the connection closes.
      from.on('error', () => {})
    }
    // Nobody is left who would hear what the server says.
    client.once('close', () => server.destroySoon())
  }

  cut(): void {
    this.#client.resetAndDestroy()
    this.#server.destroy()
  }

  #later(latency: number, pass: () => void): void {
    if (this.isSilent) return
    if (latency === 0) pass()
    else setTimeout(() => !this.isSilent && pass(), latency)
  }
}
