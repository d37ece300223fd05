import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Socket, Server as TcpServer } from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

interface Connection {
  /** The answer to the last request that has arrived. */
  last?: ServerResponse
  /** When the last answer was sent; before that, when it was opened. */
  quietSince: number
}

/** For so many ms at most it is waited until nobody connects just now. */
const rush = 1_000

/** In a turn of the event loop that takes less than so many ms hardly anybody connects unseen. */
const calm = 0.3

const pollInterval = 10

/** The connections of a server, so that none ends while somebody asks on it. */
export class Connections {
  readonly #server: Server
  readonly #open = new Map<Socket, Connection>()
  #accepted = 0

  constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket: Socket) => this.#accept(socket))
    // Before a handler answers.
    server.prependListener('request', (request, response) => this.#follow(request, response))
  }

  /** Whether no other request has arrived on the connection since: clients may send ahead. */
  isLast(response: ServerResponse): boolean {
    const connection = response.socket && this.#open.get(response.socket)
    return connection?.last === undefined || connection.last === response
  }

  /**
   * Stops listening, and resolves when on every connection a request is open, or nothing was asked
   * for `quiet` ms: what a client sends on one that is cut meanwhile would be lost. It takes `limit`
   * ms at most, whatever clients do.
   */
  async settle(quiet: number, limit: number): Promise<void> {
    const end = performance.now() + limit
    await this.#stopListening(Math.min(rush, limit / 2))
    while (performance.now() < end && this.#mayAsk(performance.now() - quiet)) {
      await sleep(pollInterval)
    }
    // Node would wait for a first request on these.
    for (const socket of this.#open.keys()) {
      if (socket.bytesRead === 0) socket.destroy()
    }
  }

  #accept(socket: Socket): void {
    this.#accepted += 1
    this.#open.set(socket, { quietSince: performance.now() })
    socket.once('close', () => this.#open.delete(socket))
  }

  #follow({ socket }: IncomingMessage, response: ServerResponse): void {
    const connection = this.#open.get(socket)
    if (connection === undefined) return
    connection.last = response
    response.once('close', () => {
      connection.quietSince = performance.now()
    })
  }

  /** With its socket the system resets whoever is connected and not accepted yet. */
  async #stopListening(patience: number): Promise<void> {
    const end = performance.now() + patience
    for (let isCalm = false; !isCalm && performance.now() < end; ) {
      const accepted = this.#accepted
      const begin = performance.now()
      await nextTurn()
      isCalm = this.#accepted === accepted && performance.now() - begin < calm
    }
    // That of HTTP would cut the connections on which nobody asks at this moment.
    TcpServer.prototype.close.call(this.#server)
  }

  #mayAsk(since: number): boolean {
    for (const { last, quietSince } of this.#open.values()) {
      if ((last === undefined || last.closed) && quietSince > since) return true
    }
    return false
  }
}
