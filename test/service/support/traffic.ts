import { Agent, type IncomingMessage, request } from 'node:http'

/** What became of the requests. */
export interface Outcome {
  /** Answers that arrived whole. */
  answered: number
  /** Those of them that announced the end of their connection. */
  closing: number
  /** Answers that left their connection open to a client who was about to leave. */
  keptOpen: number
  /** Connections that nobody took: nothing was asked on them. */
  refused: number
  /** What happened in the place of a whole answer, where a connection had been made. */
  readonly dropped: string[]
}

export interface Clients {
  /** So many ask again as soon as they are answered, each on a connection that it keeps. */
  keepAlive: number
  /** So many do the same with a new connection each time. */
  fresh: number
  paths: readonly string[]
}

/** Clients that ask a server without a pause. */
export class Traffic {
  readonly outcome: Outcome = { answered: 0, closing: 0, keptOpen: 0, refused: 0, dropped: [] }
  readonly #url: string
  readonly #paths: readonly string[]
  readonly #clients: Promise<void>[]
  #leaving = false
  #asked = 0

  constructor(url: string, { keepAlive, fresh, paths }: Clients) {
    this.#url = url
    this.#paths = paths
    const keeping = Array.from({ length: keepAlive }, () => this.#askOnAndOn(true))
    const opening = Array.from({ length: fresh }, () => this.#askOnAndOn(false))
    this.#clients = [...keeping, ...opening]
  }

  /** Opens no connection from now on: what is open is used until the server ends it. */
  leave(): void {
    this.#leaving = true
  }

  /** When every client has left, or was refused. */
  async ended(): Promise<Outcome> {
    await Promise.all(this.#clients)
    return this.outcome
  }

  async #askOnAndOn(keepAlive: boolean): Promise<void> {
    const { outcome } = this
    const agent = new Agent({ keepAlive, maxSockets: 1 })
    for (let isOpen = false; isOpen || !this.#leaving; ) {
      const isLate = this.#leaving
      const path = this.#paths[this.#asked++ % this.#paths.length] ?? '/'
      try {
        const { headers } = await ask(new URL(path, this.#url), agent)
        isOpen = keepAlive && headers.connection !== 'close'
        outcome.answered += 1
        if (headers.connection === 'close') outcome.closing += 1
        else if (isLate) outcome.keptOpen += 1
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException
        isOpen = false
        if (code !== 'ECONNREFUSED') outcome.dropped.push(`${path}: ${code ?? message}`)
        else {
          outcome.refused += 1
          break
        }
      }
    }
    agent.destroy()
  }
}

/** Resolves once the answer has been read to its end. */
function ask(url: URL, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (answer) => {
      answer
        .on('error', reject)
        .on('end', () => resolve(answer))
        .resume()
    })
    sent.on('error', reject).end()
  })
}
