import { destination } from 'pino'
import type { LogStream } from './logger.ts'

/** So much is written to a pipe at once, with nothing of another worker between; see pipe(7). */
const atomic = 4_096

/**
 * Writes the lines of one turn of the event loop together: writing costs more than making a line.
 * What is left is written when the process ends, after an uncaught error too.
 */
export class LogOutput implements LogStream {
  readonly #file
  #lines = ''

  /** @param fd number of an open file, usually that of stdout */
  constructor(fd: number) {
    this.#file = destination({ dest: fd, sync: true })
    process.once('exit', () => this.flushSync())
  }

  write(line: string): void {
    if (this.#lines === '') setImmediate(() => this.flushSync())
    else if (this.#lines.length + line.length > atomic) this.flushSync()
    this.#lines += line
  }

  /** Pino calls it for a fatal error. */
  flushSync(): void {
    if (this.#lines === '') return
    this.#file.write(this.#lines)
    this.#lines = ''
  }
}
