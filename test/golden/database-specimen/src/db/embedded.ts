import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join, relative } from 'node:path'
import { pid } from 'node:process'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { ExitCode, Io } from '../cli/command.ts'
import { StartupError } from '../startup-error.ts'

/**
 * PGlite doesn't notice when a second process opens its folder, and the two would destroy the data.
 *
 * The holder of the folder listens on a socket in `<folder>/lock`. The kernel closes a socket when
 * its process ends, so a refused connection proves that the holder is gone: after SIGKILL, across
 * containers, and when process ids are reused. Next to the socket is a numbered claim, a symbolic
 * link to it. The highest number counts. Creating the next one is atomic, and the highest claim is
 * never removed, so a slow process can't take a number that was in use before.
 */
export interface FolderLock {
  /** Passes connections of other processes to `handler`; without one they are closed. */
  accept(handler: (socket: Socket) => void): void
  /** Closes the connections, too. Close the database first. */
  release(): Promise<void>
}

export class FolderInUseError extends StartupError {
  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by process ${pid}. PGlite serves one process at a ` +
        'time: stop that process, choose another DATA_DIR, or set DATABASE_URL to use PostgreSQL.',
    )
  }
}

/**
 * Takes the folder for this process, until `release` or the end of the process.
 * @throws {FolderInUseError} while a running process, this one included, holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const directory = join(folder, 'lock')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const name = `${pid}-${randomBytes(4).toString('hex')}.sock`
  const lock = await listen(join(directory, name))
  try {
    for (;;) {
      const [newest = 0] = await readClaims(directory)
      const holder = await connectToHolder(directory, newest)
      if (holder !== undefined) {
        holder.socket.destroy()
        throw new FolderInUseError(folder, holder.pid)
      }
      if (await claim(directory, newest + 1, name)) return lock
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Runs one command line, for example `['db', 'status']`, and returns its exit code. */
export type RunCommand = (request: CommandRequest, io: Io) => Promise<ExitCode>

/** Sent as a line of JSON; the answer is a `CommandResult`, also as JSON. */
export interface CommandRequest {
  args: readonly string[]
  /** Standard input, for commands that read it. */
  input?: string
}

type CommandResult = { stdout: string; stderr: string; exitCode: ExitCode }

/**
 * Runs commands of other processes in this one, which has the PGlite folder open. A command runs to
 * its end even if the other process goes away.
 * @returns a function that refuses further commands and waits for the running ones
 */
export function serveCommands(lock: FolderLock, run: RunCommand): () => Promise<void> {
  const running = new Set<Promise<void>>()
  lock.accept((socket) => {
    const lines = createInterface({ input: socket })
    // The interface repeats the errors of its socket.
    for (const source of [socket, lines]) source.on('error', () => socket.destroy())
    lines.once('line', (line) => {
      const command = execute(line, run).then((result) => {
        socket.end(JSON.stringify(result))
        running.delete(command)
      })
      running.add(command)
    })
  })
  return async () => {
    lock.accept((socket) => socket.destroy())
    await Promise.all(running)
  }
}

async function execute(line: string, run: RunCommand): Promise<CommandResult> {
  const output = { stdout: '', stderr: '' }
  try {
    const exitCode = await run(JSON.parse(line), {
      stdout: { write: (chunk) => (output.stdout += chunk) },
      stderr: { write: (chunk) => (output.stderr += chunk) },
    })
    return { ...output, exitCode }
  } catch (error) {
    return { ...output, stderr: `${output.stderr}${error}\n`, exitCode: 1 }
  }
}

/**
 * Has the server that holds the PGlite folder run a command, and passes on its output.
 * @returns the exit code, or undefined if no process holds the folder
 * @throws {FolderInUseError} when the holder isn't a running server, or ends before the command
 */
export async function runInServer(
  folder: string,
  request: CommandRequest,
  io: Io,
): Promise<ExitCode | undefined> {
  const directory = join(folder, 'lock')
  const [newest = 0] = await readClaims(directory)
  const holder = await connectToHolder(directory, newest)
  if (holder === undefined) return undefined
  holder.socket.write(`${JSON.stringify(request)}\n`)
  const answer = await text(holder.socket).catch(() => '')
  if (answer === '') throw new FolderInUseError(folder, holder.pid)
  const { stdout, stderr, exitCode }: CommandResult = JSON.parse(answer)
  io.stdout.write(stdout)
  io.stderr.write(stderr)
  return exitCode
}

/** Takes exactly that number; false if another process was faster. */
async function claim(directory: string, number: number, name: string): Promise<boolean> {
  const link = join(directory, String(number))
  try {
    await symlink(name, link)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  const claims = await readClaims(directory)
  if (claims.some((it) => it > number)) {
    await rm(link, { force: true })
    return false
  }
  for (const older of claims.filter((it) => it < number)) {
    const target = join(directory, String(older))
    const socket = await readlink(target).catch(() => undefined)
    if (socket !== undefined) await rm(join(directory, socket), { force: true })
    await rm(target, { force: true })
  }
  return true
}

/** The numbers of all claims, the highest first. */
async function readClaims(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => [])
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => b - a)
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
  server.listen(socketPath(path))
  await once(server, 'listening')
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

/** Nobody listens, the socket was removed, or it closed before it accepted the connection. */
const goneCodes = ['ECONNREFUSED', 'ENOENT', 'ECONNRESET']

/** The running process behind a claim; the caller closes the socket. */
async function connectToHolder(directory: string, number: number) {
  const name = await readlink(join(directory, String(number))).catch(() => undefined)
  if (name === undefined) return undefined
  try {
    const socket = connect(socketPath(join(directory, name)))
    await once(socket, 'connect')
    return { pid: Number.parseInt(name, 10), socket }
  } catch (error) {
    if (goneCodes.includes(codeOf(error))) return undefined
    throw error
  }
}

/** macOS allows 103 bytes, Linux 107; a longer path would be cut off without an error. */
const maxSocketPathBytes = 103

function socketPath(path: string): string {
  const short = relative('', path)
  const chosen = short.length < path.length ? short : path
  if (Buffer.byteLength(chosen) > maxSocketPathBytes) {
    throw new StartupError(
      `The path of the data folder is too long for a socket in it (${chosen}): ` +
        'choose a shorter DATA_DIR, or start from a folder nearer to it.',
    )
  }
  return chosen
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code)
}
