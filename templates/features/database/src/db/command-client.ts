import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { ExitCode, Io } from '../cli/command.ts'
import type { CommandReply, CommandRequest } from './command-server.ts'
import { FolderInUseError, findHolder } from './lock.ts'

/**
 * Has the server that holds the PGlite folder run a command, and passes its output on.
 * @returns the exit code, or nothing if no process holds the folder
 * @throws {FolderInUseError} when the holder is no server, or one that has not started yet
 */
export async function runInServer(
  folder: string,
  request: CommandRequest,
  io: Io,
): Promise<ExitCode | undefined> {
  const holder = await findHolder(folder)
  if (holder === undefined) return undefined
  const { pid, socket } = holder
  socket.write(`${JSON.stringify(request)}\n`)
  let answered = false
  for await (const reply of replies(socket)) {
    if ('exitCode' in reply) return reply.exitCode
    answered = true
    if ('stdout' in reply) io.stdout.write(reply.stdout)
    else io.stderr.write(reply.stderr)
  }
  if (!answered) throw new FolderInUseError(folder, pid)
  throw new Error(`The server (process ${pid}) ended before the command did.`)
}

async function* replies(socket: Socket): AsyncGenerator<CommandReply> {
  // A connection that breaks ends the lines, like one that is closed.
  socket.on('error', () => socket.destroy())
  const lines = createInterface({ input: socket })
  try {
    for await (const line of lines) yield JSON.parse(line)
  } catch (error) {
    if (error instanceof SyntaxError) throw error
  } finally {
    socket.destroy()
  }
}
