import { usageError } from '../../errors.ts'

export function portOf(text: string | undefined): string | undefined {
  if (text === undefined || (/^\d{1,5}$/.test(text) && Number(text) <= 65_535)) return text
  throw usageError(
    `--port: ${JSON.stringify(text)} isn't a port.`,
    'Use a number from 0 to 65535; 0 picks a free port.',
  )
}

export function hostOf(text: string): string {
  if (/^[\w.:%-]+$/.test(text)) return text
  throw usageError(
    `--host: ${JSON.stringify(text)} isn't an address.`,
    'For example 127.0.0.1, or 0.0.0.0 for every interface.',
  )
}

export function workersOf(text: string | undefined): number {
  if (text === undefined) return 1
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw usageError(
    `--workers: ${JSON.stringify(text)} isn't a number of processes.`,
    'Use a number from 1 to 999.',
  )
}
