import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection on which a test writes the bytes of a request itself. */
export class RawRequest {
  /** What has come back so far. */
  received = ''
  readonly #socket: Socket

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.#socket = connect(Number(port), hostname)
    this.#socket.setEncoding('utf8').on('data', (text: string) => {
      this.received += text
    })
    // A reset shows in what was received, and nobody else would catch it.
    this.#socket.on('error', () => {})
  }

  write(text: string): void {
    this.#socket.write(text)
  }

  /** Everything that came back until the connection ended. */
  async all(): Promise<string> {
    if (!this.#socket.closed) await once(this.#socket, 'close')
    return this.received
  }

  /** The same, if it is one response. */
  async answer(): Promise<{ head: string; body: string }> {
    const [head = '', body = ''] = (await this.all()).split('\r\n\r\n')
    return { head, body }
  }

  /** Ends the connection without a goodbye. */
  cut(): void {
    this.#socket.destroy()
  }
}

/** Status and headers (names in lower case) of the head of a response. */
export function parseHead(head: string): { status: number; headers: Record<string, string> } {
  const [line = '', ...fields] = head.split('\r\n')
  const pairs = fields.map((field) => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
  })
  return { status: Number(line.split(' ')[1]), headers: Object.fromEntries(pairs) }
}
