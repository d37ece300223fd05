import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join, relative } from 'node:path'
import { pid } from 'node:process'
import { StartupError } from '../startup-error.ts'

/**
 * PGlite does not notice a second process that opens its folder, and both would destroy the data.
 *
 * Who holds the folder listens on a socket in `<folder>/lock`. The kernel ends a socket with its
 * process, so a refused connection is proof that the holder is gone: after SIGKILL, across
 * containers, and where process ids repeat. Beside it lies a numbered claim, a symbolic link that
 * names the socket. The highest number counts; making the next one is atomic, and the highest
 * claim is never removed, so a slow process cannot take a number that was in use before.
 */
export interface FolderLock {
  /** Hands connections of other processes to `handler`; without one they are closed. */
  accept(handler: (socket: Socket) => void): void
  /** Ends the connections, too. The folder must be closed before. */
  release(): Promise<void>
}

export interface Holder {
  pid: number
  /** Connected to the holder; the caller ends it. */
  socket: Socket
}

export class FolderInUseError extends StartupError {
  readonly pid: number

  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by process ${pid}. PGlite serves one process at a ` +
        'time: stop that one, choose another DATA_DIR, or set DATABASE_URL to use PostgreSQL.',
    )
    this.pid = pid
  }
}

/** macOS allows 103 bytes, Linux 107, and a longer path would be cut off without an error. */
const longestSocketPath = 103

/** Nobody listens, the socket was removed, or it was closed with this connection in its queue. */
const goneCodes = ['ECONNREFUSED', 'ENOENT', 'ECONNRESET']

/**
 * Takes the folder for this process, until `release` or the process's end.
 * @throws {FolderInUseError} while a living process, this one included, holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const directory = join(folder, 'lock')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (;;) {
    const newest = await newestClaim(directory)
    const holder = await holderOf(directory, newest)
    if (holder !== undefined) {
      holder.socket.destroy()
      throw new FolderInUseError(folder, holder.pid)
    }
    const lock = await claim(directory, newest + 1)
    if (lock !== undefined) return lock
  }
}

/** The living process that holds the folder, with a connection to it. */
export async function findHolder(folder: string): Promise<Holder | undefined> {
  const directory = join(folder, 'lock')
  return holderOf(directory, await newestClaim(directory))
}

async function holderOf(directory: string, number: number): Promise<Holder | undefined> {
  const name = await readlink(join(directory, String(number))).catch(() => undefined)
  if (name === undefined) return undefined
  const socket = await reach(join(directory, name))
  return socket && { pid: Number.parseInt(name, 10), socket }
}

/** Takes that very number, or nothing if another process was faster. */
async function claim(directory: string, number: number): Promise<FolderLock | undefined> {
  const name = `${pid}-${randomBytes(4).toString('hex')}.sock`
  const { accept, release } = await listen(join(directory, name))
  try {
    await symlink(name, join(directory, String(number)))
    if ((await newestClaim(directory)) === number) {
      await sweep(directory, number)
      return { accept, release }
    }
    await rm(join(directory, String(number)), { force: true })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) {
      await release()
      throw error
    }
  }
  await release()
  return undefined
}

async function claims(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => [])
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

async function newestClaim(directory: string): Promise<number> {
  return Math.max(0, ...(await claims(directory)))
}

async function sweep(directory: string, own: number): Promise<void> {
  for (const number of await claims(directory)) {
    if (number >= own) continue
    const link = join(directory, String(number))
    const socket = await readlink(link).catch(() => undefined)
    if (socket !== undefined) await rm(join(directory, socket), { force: true })
    await rm(link, { force: true })
  }
}

async function listen(path: string): Promise<FolderLock> {
  const open = new Set<Socket>()
  let handler = (socket: Socket): void => {
    socket.destroy()
  }
  const server = createServer((socket) => {
    open.add(socket.once('close', () => open.delete(socket)))
    handler(socket)
  })
  server.unref()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(socketPath(path), resolve)
  })
  await chmod(path, 0o600)
  return {
    accept(next) {
      handler = next
    },
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function reach(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath(path))
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error) => {
      if (goneCodes.some((code) => hasCode(error, code))) resolve(undefined)
      else reject(error)
    })
  })
}

function socketPath(path: string): string {
  const short = relative('', path)
  const chosen = short.length < path.length ? short : path
  if (Buffer.byteLength(chosen) > longestSocketPath) {
    throw new StartupError(
      `The path of the data folder is too long for a socket in it (${chosen}): ` +
        'choose a shorter DATA_DIR, or start from a folder nearer to it.',
    )
  }
  return chosen
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
