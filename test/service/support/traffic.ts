import { Agent, type IncomingMessage, request } from 'node:http'

/** What became of the requests. */
export interface Outcome {
  /** Responses that arrived completely. */
  answered: number
  /** Those of them that announced the end of their connection. */
  closing: number
  /** Responses that left a connection open although its client was about to leave. */
  keptOpen: number
  /** Connections that were refused, so that nothing was asked on them. */
  refused: number
  /** What happened instead of a complete response, on connections that had been accepted. */
  readonly dropped: string[]
}

export interface Clients {
  /** How many ask again as soon as they are answered, each on a connection that it keeps. */
  keepAlive: number
  /** How many do the same with a new connection each time. */
  fresh: number
  paths: readonly string[]
}

/** Clients that ask a server without a pause. */
export class Traffic {
  readonly outcome: Outcome = { answered: 0, closing: 0, keptOpen: 0, refused: 0, dropped: [] }
  readonly #url: string
  readonly #paths: readonly string[]
  readonly #clients: Promise<void>[]
  #isLeaving = false
  #asked = 0

  constructor(url: string, { keepAlive, fresh, paths }: Clients) {
    this.#url = url
    this.#paths = paths
    const keeping = Array.from({ length: keepAlive }, () => this.#askAgainAndAgain(true))
    const opening = Array.from({ length: fresh }, () => this.#askAgainAndAgain(false))
    this.#clients = [...keeping, ...opening]
  }

  /** From now on no connection is opened; those that are open are used until the server ends them. */
  leave(): void {
    this.#isLeaving = true
  }

  /** Resolves when every client has left or was refused. */
  async ended(): Promise<Outcome> {
    await Promise.all(this.#clients)
    return this.outcome
  }

  async #askAgainAndAgain(keepAlive: boolean): Promise<void> {
    const { outcome } = this
    const agent = new Agent({ keepAlive, maxSockets: 1 })
    for (let isOpen = false; isOpen || !this.#isLeaving; ) {
      const isLate = this.#isLeaving
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

/** Resolves once the response has been read to its end. */
function ask(url: URL, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      response
        .on('error', reject)
        .on('end', () => resolve(response))
        .resume()
    })
    sent.on('error', reject).end()
  })
}
