import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection on which a test writes the bytes of a request itself. */
export class RawRequest {
  readonly #socket: Socket
  #received = ''

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.#socket = connect(Number(port), hostname)
    this.#socket.setEncoding('utf8').on('data', (text: string) => {
      this.#received += text
    })
  }

  write(text: string): void {
    this.#socket.write(text)
  }

  /** Everything that came back until the server closed the connection. */
  async answer(): Promise<{ head: string; body: string }> {
    if (!this.#socket.closed) await once(this.#socket, 'close')
    const [head = '', body = ''] = this.#received.split('\r\n\r\n')
    return { head, body }
  }
}
