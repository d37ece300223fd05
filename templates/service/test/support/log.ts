import type { LogStream } from '../../src/observability/logger.ts'

/** A log stream that keeps its lines, parsed. */
export class LogLines implements LogStream {
  readonly lines: Record<string, unknown>[] = []

  write(line: string): void {
    this.lines.push(JSON.parse(line))
  }

  /** The lines with this message. */
  with(message: string): Record<string, unknown>[] {
    return this.lines.filter((line) => line.msg === message)
  }
}
