import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { basename } from 'node:path'
import { readTextIfAny } from './files.ts'

export interface PortHolder {
  readonly pid: number
  /** Its command line, shortened. */
  readonly command: string
}

/** The process that listens on a port; nothing where the system does not show it to this user. */
export async function holderOfPort(port: number): Promise<PortHolder | undefined> {
  if (process.platform === 'linux') return holderOnLinux(port)
  return process.platform === 'win32' ? undefined : holderByLsof(port)
}

function holderOnLinux(port: number): PortHolder | undefined {
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readTextIfAny(file) ?? '')
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table, port)))
  const pids = namesOf('/proc').filter((name) => /^\d+$/.test(name))
  const pid = pids.map(Number).find((each) => holdsOne(each, sockets))
  if (pid === undefined) return undefined
  const words = (readTextIfAny(`/proc/${pid}/cmdline`) ?? '').split('\0')
  return { pid, command: shortened(words) }
}

/** The inodes of the sockets that listen on a port, of a table as proc(5) describes `/proc/net/tcp`. */
export function listeningSockets(table: string, port: number): readonly string[] {
  const listening = '0A'
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    const isIt = state === listening && Number.parseInt(local.split(':')[1] ?? '', 16) === port
    return isIt && inode !== undefined ? [inode] : []
  })
}

function holdsOne(pid: number, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`
  return namesOf(folder).some((name) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkAt(`${folder}/${name}`))?.[1]
    return inode !== undefined && sockets.has(inode)
  })
}

async function holderByLsof(port: number): Promise<PortHolder | undefined> {
  const pid = Number.parseInt(
    await printed('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']),
    10,
  )
  if (Number.isNaN(pid)) return undefined
  return {
    pid,
    command: shortened((await printed('ps', ['-o', 'command=', '-p', `${pid}`])).split(' ')),
  }
}

const longest = 60

/** A command line in which its program is easy to see. */
export function shortened([program = '', ...args]: readonly string[]): string {
  const words = [basename(program.trim()), ...args].filter(
    (word) => !/^(--import|data:.*)?$/.test(word),
  )
  const line = words.join(' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

function printed(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { encoding: 'utf8' }, (_error, stdout) => resolve(stdout))
  })
}

/** Processes come and go, and those of others are closed. */
function namesOf(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

function linkAt(path: string): string {
  try {
    return fs.readlinkSync(path)
  } catch {
    return ''
  }
}
