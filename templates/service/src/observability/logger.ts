import fs from 'node:fs'
import { styleText } from 'node:util'
import {
  type DestinationStream,
  type LogFn,
  type LoggerOptions,
  levels,
  stdTimeFunctions,
} from 'pino'
import { name } from '../about.ts'
import type { Config } from '../config/index.ts'
import { CleanLine } from './access-log.ts'
import { errorMessage, formatLogged, serializeError, withoutQuery } from './error-serializer.ts'
import type { Metrics } from './metrics.ts'
import type { PIIMasker } from './pii-masker.ts'
import { logMetrics } from './process-metrics.ts'

/** Where log lines go. */
export type LogStream = DestinationStream

/**
 * One JSON object a line, with the time in UTC; to `stream`, or to stdout without one. With several
 * workers each line names its process. The masker gets each finished line, so that nothing passes it:
 * messages, members, what child loggers add, and whatever a serializer makes.
 *
 * @param metrics counts the lines
 */
export function loggerOptions(
  { logging, server }: Pick<Config, 'logging' | 'server'>,
  masker: PIIMasker,
  stream?: LogStream,
  metrics?: Metrics,
): LoggerOptions & { stream?: LogStream } {
  const messages = metrics?.of(logMetrics).messages
  let isMasked = false
  return {
    level: logging.level,
    base: { service: name, ...(server.workers > 1 && { pid: process.pid }) },
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log(members) {
        isMasked = members instanceof CleanLine
        return isMasked ? members : withSafeErrors(members, masker)
      },
    },
    serializers: { err: serializeError, error: serializeError },
    hooks: {
      logMethod(args, method, level) {
        messages?.with({ level: levels.labels[level] as LogLevel }).inc()
        method.apply(this, safeArguments(args) as Parameters<LogFn>)
      },
      streamWrite: (line) =>
        isMasked ? line : `${JSON.stringify(masker.mask(JSON.parse(line)))}\n`,
    },
    ...(stream && { stream }),
  }
}

type LogLevel = (typeof logMetrics.definitions.messages.labels.level)[number]

/** Errors may hold values wherever they are in a line. These four have serializers of their own. */
function withSafeErrors(members: Record<string, unknown>, masker: PIIMasker) {
  const { err, error, req, res, ...others } = members
  const replace = (_key: string, it: unknown) => (it instanceof Error ? serializeError(it) : it)
  try {
    return { ...JSON.parse(JSON.stringify(others, replace)), err, error, req, res }
  } catch {
    // It isn't JSON: it has cycles, for example, which the masker copes with.
    return { ...masker.mask(others), err, error, req, res }
  }
}

/** The messages of errors may hold values, also where they are part of another message. */
function safeArguments([first, ...rest]: unknown[]): unknown[] {
  if (first instanceof CleanLine) return [first, ...rest]
  const error = first instanceof Error ? first : (first as { err?: unknown } | null)?.err
  const { message } = error instanceof Error ? error : { message: '' }
  if (message !== '') rest[0] ??= message
  return [first, ...rest].map((it) => {
    if (typeof it === 'string') {
      return withoutQuery(message ? it.replaceAll(message, errorMessage(error)) : it)
    }
    return it instanceof Error && it !== first ? errorMessage(it) : it
  })
}

/** Readable lines for a developer at a terminal; otherwise JSON, written in batches. */
export function logStream({ app }: Pick<Config, 'app'>, stdout: typeof process.stdout): LogStream {
  if (app.environment !== 'development' || !stdout.isTTY) return new BatchedOutput(stdout.fd)
  return { write: (line) => stdout.write(readable(line, stdout.hasColors())) }
}

const colors: Record<string, 'yellow' | 'red'> = { warn: 'yellow', error: 'red', fatal: 'red' }

/** A log line for people: `12:03:04 GET /api/v1/products 200 4 ms`, with the stack of an error. */
export function readable(line: string, isColored = false): string {
  const { time, level, msg, err, service: _, ...members } = JSON.parse(line)
  const { request_id: _id, trace_id: _trace, ...rest } = members
  const { method, path, status, duration_ms, reason, query, body, ...others } = rest
  const shown = method ? { ...(query && { query }), ...(body && { body }) } : others
  const words = method
    ? [method, path, status, `${Math.round(duration_ms)} ms`, reason && `(${reason})`]
    : [level !== 'info' && level.toUpperCase(), msg]
  for (const [member, value] of Object.entries(shown)) {
    words.push(`${member}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  }
  const text = `${words.filter(Boolean).join(' ')}${err ? `\n${formatLogged(err)}` : ''}`
  // A terminal obeys control characters, and a path may hold some.
  const safe = text.replace(/[^\P{Cc}\n\t]/gu, '?')
  const color = isColored && colors[level]
  return `${new Date(time).toTimeString().slice(0, 8)} ${color ? styleText(color, safe) : safe}\n`
}

/** Pipes take this many bytes at once, so lines of several workers don't mix; see pipe(7). */
const atomicWrite = 4_096

/** How long (ms) to wait for the reader of a full pipe before trying again. */
const fullPipeMs = 5

const never = new Int32Array(new SharedArrayBuffer(4))

/**
 * Writes the log lines of one turn of the event loop together: writing a line costs more than
 * making it. The rest is written when the process ends, also after an uncaught error. While a pipe is
 * full, the process waits: no line gets lost, and none piles up.
 */
export class BatchedOutput implements LogStream {
  readonly #fd: number
  #lines = ''

  /** @param fd number of an open file, usually that of stdout */
  constructor(fd: number) {
    this.#fd = fd
    process.once('exit', () => this.flushSync())
  }

  write(line: string): void {
    if (this.#lines === '') setImmediate(() => this.flushSync())
    else if (this.#lines.length + line.length > atomicWrite) this.flushSync()
    this.#lines += line
  }

  /** Pino calls it after a fatal error. */
  flushSync(): void {
    const bytes = Buffer.from(this.#lines)
    this.#lines = ''
    for (let at = 0; at < bytes.length; ) at += this.#write(bytes, at)
  }

  /** How many bytes are done with. */
  #write(bytes: Buffer, at: number): number {
    try {
      return fs.writeSync(this.#fd, bytes, at)
    } catch (error) {
      // Nobody reads the pipe any more, or the disk is full, which must not end the service.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return bytes.length
      Atomics.wait(never, 0, 0, fullPipeMs)
      return 0
    }
  }
}
