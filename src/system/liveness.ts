import fs from 'node:fs'
import { hostname } from 'node:os'
import { errorCode } from './error-code.ts'

/** A process, so that another one that gets its number later is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number
  /** A mark of the moment at which it started; nothing where the system does not tell. */
  readonly start?: string
  /** The machine, and on Linux the space in which its process numbers count. */
  readonly host: string
}

export async function thisProcess(): Promise<ProcessIdentity> {
  const start = await startOf(process.pid)
  return { pid: process.pid, ...(start === undefined ? {} : { start }), host: thisHost() }
}

export function thisHost(): string {
  return [hostname(), attempt(() => fs.readlinkSync('/proc/self/ns/pid')) ?? ''].join(' ').trim()
}

const ended = 'ended'

/** Whether a process of this host still runs. One that ended and was not yet waited for does not. */
export async function isRunning({ pid, start }: Omit<ProcessIdentity, 'host'>): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    if (errorCode(error) !== 'EPERM') return false
  }
  const now = await startOf(pid)
  return now !== ended && (now === undefined || start === undefined || now === start)
}

async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return startOnLinux(pid)
  return process.platform === 'win32' ? undefined : startByPs(pid)
}

/** The boot and the clock ticks since then: field 22 of proc(5)'s stat, which is unique in a boot. */
function startOnLinux(pid: number): string | undefined {
  const text = attempt(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  if (text === undefined) return undefined
  // The name before the bracket may hold anything, blanks and brackets too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return ended
  const boot = attempt(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? ''
  return `${boot.trim()} ${fields[19]}`.trim()
}

async function startByPs(pid: number): Promise<string | undefined> {
  const { execFileSync } = await import('node:child_process')
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  const args = ['-o', 'lstart=', '-p', String(pid)]
  return attempt(() => execFileSync('ps', args, { env, encoding: 'utf8' }).trim())
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
