import type { LoggerOptions } from 'pino'
import { name } from '../about.ts'
import type { Config } from '../config/index.ts'

/** Where log lines go. */
export interface LogStream {
  write(line: string): void
}

/**
 * One JSON object a line, with the time in UTC; to `stream`, or to stdout without one. With several
 * workers each line names its process.
 */
export function loggerOptions(
  { logging, server }: Pick<Config, 'logging' | 'server'>,
  stream?: LogStream,
): LoggerOptions & { stream?: LogStream } {
  return {
    level: logging.level,
    base: { service: name, ...(server.workers > 1 && { pid: process.pid }) },
    timestamp: utcTime,
    formatters: { level: (label) => ({ level: label }) },
    ...(stream && { stream }),
  }
}

let second = 0
let secondText = ''

/** The member `time` of a line; all of it but the milliseconds is made once a second. */
function utcTime(): string {
  const now = Date.now()
  const milliseconds = now % 1_000
  if (now - milliseconds !== second) {
    second = now - milliseconds
    secondText = new Date(second).toISOString().slice(0, -'000Z'.length)
  }
  return `,"time":"${secondText}${String(milliseconds).padStart(3, '0')}Z"`
}

/**
 * Coloured lines for people if they are asked for and `terminal` is true; undefined leaves JSON.
 * The formatter is a devDependency, so it may not be there.
 */
export async function prettyStream(
  { pretty }: Config['logging'],
  terminal: boolean,
): Promise<LogStream | undefined> {
  if (!pretty || !terminal) return undefined
  try {
    const { default: formatter } = await import('pino-pretty')
    return formatter({ ignore: 'service', translateTime: 'HH:MM:ss.l' })
  } catch {
    return undefined
  }
}
