import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * - `open`: passes everything on
 * - `silent`: takes connections and bytes, and passes nothing on; what was opened before stays so
 *   for good, as after a failover that nobody told the clients of
 * - `cut`: resets every connection, and every new one
 */
export type ProxyMode = 'open' | 'silent' | 'cut'

const usualPorts: Record<string, number> = { 'postgres:': 5_432, 'redis:': 6_379 }

/** A network between a client and the server at a URL, on which a test has faults happen. */
export class TcpProxy {
  /** How long bytes take in each direction, in milliseconds. */
  latency = 0
  readonly #target: URL
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #mode: ProxyMode = 'open'

  constructor(url: string) {
    this.#target = new URL(url)
    this.#server = createServer((client) => this.#accept(client))
  }

  /** Where the server is for those who come by this network. */
  get url(): string {
    const url = new URL(this.#target)
    url.hostname = '127.0.0.1'
    url.port = String((this.#server.address() as AddressInfo).port)
    return url.href
  }

  /** Clients that are connected. */
  get connections(): number {
    return this.#pairs.size
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
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
    const { protocol, hostname, port } = this.#target
    const server = connect(Number(port) || (usualPorts[protocol] ?? 80), hostname)
    const pair = new Pair(client, server, () => this.latency)
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
