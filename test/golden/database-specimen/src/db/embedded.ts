import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join, relative } from 'node:path'
import { pid } from 'node:process'
import { text } from 'node:stream/consumers'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import type { ExitCode, Io } from '../cli/command.ts'
import { StartupError } from '../startup-error.ts'
import { type Connection, type DatabaseClient, sessionSettings } from './client.ts'
import { createQueryWatch } from './query-watch.ts'
import * as schema from './schema.ts'

/**
 * Keeps other processes out of a PGlite folder: PGlite doesn't notice when a second process opens
 * it, and the two would destroy the data.
 *
 * The holder of the folder listens on a socket in `<folder>/lock`. The kernel closes a socket when
 * its process ends, so a refused connection proves that the holder is gone: after SIGKILL, across
 * containers, and when process ids are reused. Next to the socket is a numbered claim, a symbolic
 * link to it. The highest number counts. Creating the next one is atomic, and the highest claim is
 * never removed, so a slow process can't take a number that was in use before.
 */
export type FolderLock = Awaited<ReturnType<typeof lockFolder>>

/** Runs one command line, for example `['db', 'status']`, and returns its exit code. */
export type RunCommand = (request: CommandRequest, io: Io) => Promise<ExitCode>

/** Sent as JSON, with standard input for commands that read it. */
type CommandRequest = { args: readonly string[]; input?: string | undefined }

/** The answer, also as JSON. */
type CommandResult = { stdout: string; stderr: string; exitCode: ExitCode }

export class FolderInUseError extends StartupError {
  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by process ${pid}. PGlite serves one process at a ` +
        'time: stop that process, choose another DATA_DIR, or set DATABASE_URL to use PostgreSQL.',
    )
  }
}

const settings = Object.entries(sessionSettings).map(([name, value]) => `SET ${name} TO '${value}'`)
const resetSession = ['RESET ALL', ...settings].join(';')

/**
 * PostgreSQL inside this process, with its files in `folder`, or in memory without one.
 * @throws {FolderInUseError} when the folder is already open, here or in another process
 */
export async function openPglite(folder?: string): Promise<DatabaseClient> {
  const lock = folder === undefined ? undefined : await lockFolder(folder)
  try {
    const pglite = await PGlite.create(folder && join(folder, 'pglite'))
    await pglite.exec(resetSession)
    const { onQuery, watched } = createQueryWatch()
    pglite.query = watched(pglite.query.bind(pglite))
    const transaction = pglite.transaction.bind(pglite)
    pglite.transaction = (work) => transaction((tx) => work({ ...tx, query: watched(tx.query) }))
    const session = connection(pglite)
    let last: Promise<unknown> = Promise.resolve()
    return {
      db: drizzle({ client: pglite, schema, casing: 'snake_case' }),
      kind: 'pglite',
      onQuery,
      connections: () => ({ used: 0, idle: 1, pending: 0, maximum: 1 }),
      lock,
      query: session.query,
      withConnection(work) {
        const turn = last.then(() => work(session)).finally(() => pglite.exec(resetSession))
        last = turn.catch(() => {})
        return turn
      },
      async close() {
        await pglite.close()
        await lock?.release()
      },
    }
  } catch (error) {
    await lock?.release()
    throw error
  }
}

function connection(session: PGlite | Transaction): Connection {
  return {
    query: async <Row>(text: string, values?: unknown[]) =>
      (await session.query<Row>(text, values)).rows,
    run: (script) => session.exec(script),
    async transaction(work) {
      // PGlite's own method keeps the queries of requests out of the transaction.
      if (session instanceof PGlite) return session.transaction((tx) => work(connection(tx)))
      return work(this)
    },
  }
}

/**
 * Takes the folder for this process, until `release` or the end of the process.
 * @throws {FolderInUseError} while a running process, this one included, holds it
 */
export async function lockFolder(folder: string) {
  const directory = join(folder, 'lock')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const name = `${pid}-${randomBytes(4).toString('hex')}.sock`
  const lock = await listen(join(directory, name))
  try {
    for (;;) {
      const { number, holder, socket } = await newestClaim(directory)
      socket?.destroy()
      if (socket !== undefined) throw new FolderInUseError(folder, holder)
      if (await claim(directory, number + 1, name)) return lock
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/**
 * Hands a command to the process that holds the PGlite folder, and passes on its output.
 * @returns the exit code, or undefined if no process holds the folder
 * @throws {FolderInUseError} when the holder isn't a running server, or ends before the command
 */
export async function runInServer(folder: string, request: CommandRequest, io: Io) {
  const { holder, socket } = await newestClaim(join(folder, 'lock'))
  if (socket === undefined) return undefined
  socket.end(JSON.stringify(request))
  const answer = await text(socket).catch(() => '')
  if (answer === '') throw new FolderInUseError(folder, holder)
  const { stdout, stderr, exitCode }: CommandResult = JSON.parse(answer)
  io.stdout.write(stdout)
  io.stderr.write(stderr)
  return exitCode
}

/** Listens on the socket `path`, which this user alone may use. */
async function listen(path: string) {
  const open = new Set<Socket>()
  const running = new Set<Promise<unknown>>()
  let run: RunCommand | undefined
  const server = createServer({ allowHalfOpen: true }, async (socket) => {
    open.add(socket.once('close', () => open.delete(socket)))
    socket.on('error', () => socket.destroy())
    const request = await text(socket.iterator({ destroyOnReturn: false })).catch(() => '')
    const command = run && request ? execute(request, run) : Promise.resolve(undefined)
    running.add(command)
    socket.end(JSON.stringify(await command))
    running.delete(command)
  })
  await once(server.unref().listen(socketPath(path)), 'listening')
  await chmod(path, 0o600)
  return {
    /**
     * Runs commands of other processes in this one, which has the folder open. A command runs to its
     * end even if the other process goes away.
     * @returns a function that refuses further commands and waits for the running ones
     */
    serveCommands(runCommand: RunCommand) {
      run = runCommand
      return async () => {
        run = undefined
        await Promise.all(running)
      }
    },
    /** Closes the connections, too. Close the database first. */
    async release() {
      for (const socket of open) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}

async function execute(request: string, run: RunCommand): Promise<CommandResult> {
  const result = { stdout: '', stderr: '', exitCode: 1 }
  const stdout = { write: (chunk: string) => (result.stdout += chunk) }
  const stderr = { write: (chunk: string) => (result.stderr += chunk) }
  try {
    result.exitCode = await run(JSON.parse(request), { stdout, stderr })
  } catch (error) {
    stderr.write(`${error}\n`)
  }
  return result
}

/** Takes exactly that number; false if another process was faster. */
async function claim(directory: string, number: number, name: string): Promise<boolean> {
  const link = join(directory, String(number))
  const isFree = await symlink(name, link).then(() => true, falseOn('EEXIST'))
  if (!isFree) return false
  const claims = await readClaims(directory)
  const isNewest = claims[0] === number
  for (const stale of isNewest ? claims.slice(1) : [number]) {
    const target = join(directory, String(stale))
    // A link that is already gone names no socket, and this process's own socket stays.
    const socket = await readlink(target).catch(() => name)
    if (socket !== name) await rm(join(directory, socket), { force: true })
    await rm(target, { force: true })
  }
  return isNewest
}

/** The numbers of all claims, the highest first. */
async function readClaims(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch(() => [])
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number)
  return numbers.sort((a, b) => b - a)
}

/** The highest claim and, if its process is running, a connection to it; the caller closes that. */
async function newestClaim(directory: string) {
  const [number = 0] = await readClaims(directory)
  const name = await readlink(join(directory, String(number))).catch(() => 'unclaimed')
  const socket = connect(socketPath(join(directory, name)))
  // Nothing listens, the socket doesn't exist, or it closed before it accepted the connection.
  const gone = falseOn('ECONNREFUSED', 'ENOENT', 'ECONNRESET')
  const isRunning = await once(socket, 'connect').then(() => true, gone)
  return { number, holder: Number.parseInt(name, 10), socket: isRunning ? socket : undefined }
}

/** Turns a rejection with one of the codes into `false`. */
function falseOn(...codes: string[]) {
  return (error: NodeJS.ErrnoException) => {
    if (codes.includes(error.code ?? '')) return false
    throw error
  }
}

/** macOS allows 103 bytes, Linux 107; a longer path would be cut off without an error. */
const maxSocketPathBytes = 103

function socketPath(path: string): string {
  const short = relative('', path)
  const chosen = short.length < path.length ? short : path
  if (Buffer.byteLength(chosen) <= maxSocketPathBytes) return chosen
  throw new StartupError(`The path ${chosen} is too long for a socket. Choose a shorter DATA_DIR.`)
}
