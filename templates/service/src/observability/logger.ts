import { styleText } from 'node:util'
import { destination, type LogFn, type LoggerOptions, levels, stdTimeFunctions } from 'pino'
import { name } from '../about.ts'
import type { Config } from '../config/index.ts'
import { errorMessage, formatLogged, serializeError } from './error-serializer.ts'
import type { Metrics } from './metrics.ts'
import { logMetrics } from './process-metrics.ts'

/** Where log lines go. */
export interface LogStream {
  write(line: string): void
}

/**
 * One JSON object a line, with the time in UTC; to `stream`, or to stdout without one. With several
 * workers each line names its process.
 *
 * @param metrics counts the lines
 */
export function loggerOptions(
  { logging, server }: Pick<Config, 'logging' | 'server'>,
  stream?: LogStream,
  metrics?: Metrics,
): LoggerOptions & { stream?: LogStream } {
  const messages = metrics?.of(logMetrics).messages
  return {
    level: logging.level,
    base: { service: name, ...(server.workers > 1 && { pid: process.pid }) },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError, error: serializeError },
    hooks: {
      logMethod(args, method, level) {
        messages?.with({ level: levels.labels[level] as LogLevel }).inc()
        withSafeMessage.call(this, args, method)
      },
    },
    ...(stream && { stream }),
  }
}

type LogLevel = (typeof logMetrics.definitions.messages.labels.level)[number]

/** Pino takes the message of an error for that of a line, and it may hold values. */
function withSafeMessage(this: unknown, args: Parameters<LogFn>, method: LogFn): void {
  const [first, message, ...rest] = args as [unknown, unknown, ...unknown[]]
  const error = first instanceof Error ? first : (first as { err?: unknown } | null)?.err
  if (error instanceof Error && (message === undefined || message === error.message)) {
    method.call(this, first as object, errorMessage(error), ...rest)
  } else method.apply(this, args)
}

/** Readable lines for a developer at a terminal; otherwise JSON, written in batches. */
export function logStream({ app }: Pick<Config, 'app'>, stdout: typeof process.stdout): LogStream {
  if (app.environment !== 'development' || !stdout.isTTY) return new BatchedOutput(stdout.fd)
  return { write: (line) => stdout.write(readable(line, stdout.hasColors())) }
}

const colors: Record<string, 'yellow' | 'red'> = { warn: 'yellow', error: 'red', fatal: 'red' }

/** A log line for people: `12:03:04 GET /api/v1/products 200 4 ms`, with the stack of an error. */
export function readable(line: string, isColored = false): string {
  const { time, level, msg, err, service: _, request_id: __, ...members } = JSON.parse(line)
  const { method, path, status, duration_ms, reason, ...others } = members
  const words = method
    ? [method, path, status, `${Math.round(duration_ms)} ms`, reason && `(${reason})`]
    : [level !== 'info' && level.toUpperCase(), msg, ...Object.entries(others).map(member)]
  const text = `${words.filter(Boolean).join(' ')}${err ? `\n${formatLogged(err)}` : ''}`
  // A terminal obeys control characters, and a path may hold some.
  const safe = text.replace(/[^\P{Cc}\n\t]/gu, '?')
  const color = isColored && colors[level]
  return `${new Date(time).toTimeString().slice(0, 8)} ${color ? styleText(color, safe) : safe}\n`
}

function member([name, value]: [string, unknown]): string {
  return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`
}

/** Pipes take this many bytes at once, so lines of several workers don't mix; see pipe(7). */
const atomicWrite = 4_096

/**
 * Writes the log lines of one turn of the event loop together: writing a line costs more than
 * making it. The rest is written when the process ends, also after an uncaught error.
 */
export class BatchedOutput implements LogStream {
  readonly #file
  #lines = ''

  /** @param fd number of an open file, usually that of stdout */
  constructor(fd: number) {
    this.#file = destination({ dest: fd, sync: true })
    process.once('exit', () => this.flushSync())
  }

  write(line: string): void {
    if (this.#lines === '') setImmediate(() => this.flushSync())
    else if (this.#lines.length + line.length > atomicWrite) this.flushSync()
    this.#lines += line
  }

  /** Pino calls it after a fatal error. */
  flushSync(): void {
    if (this.#lines === '') return
    this.#file.write(this.#lines)
    this.#lines = ''
  }
}
