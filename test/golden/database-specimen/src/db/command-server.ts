import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { ExitCode, Io } from '../cli/command.ts'
import type { FolderLock } from './lock.ts'

/** Runs one command line, for example `['db', 'status']`, and gives its exit code. */
export type RunCommand = (request: CommandRequest, io: Io) => Promise<ExitCode>

/** Lines of JSON: the client sends a request; outputs come back, and the exit code at the end. */
export interface CommandRequest {
  args: string[]
  /** What the command found on the standard input, where it reads it. */
  input?: string
}
export type CommandReply = { stdout: string } | { stderr: string } | { exitCode: number }

export interface CommandServer {
  /** Takes no more commands and waits for those at work. */
  close(): Promise<void>
}

/**
 * Runs commands of other processes in this one, which has the PGlite folder open.
 * A client that hangs up loses the output, but its command runs to its end.
 */
export function serveCommands(lock: FolderLock, run: RunCommand): CommandServer {
  const running = new Set<Promise<void>>()
  lock.accept((socket) => {
    const lines = createInterface({ input: socket })
    // A client may hang up at any time. The interface repeats the errors of its socket.
    for (const source of [socket, lines]) source.on('error', () => socket.destroy())
    lines.once('line', (line) => {
      const command = answer(socket, line, run).finally(() => running.delete(command))
      running.add(command)
    })
  })
  return {
    async close() {
      lock.accept((socket) => socket.destroy())
      await Promise.all(running)
    },
  }
}

async function answer(socket: Socket, line: string, run: RunCommand): Promise<void> {
  const send = (reply: CommandReply) => {
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
  }
  const io: Io = {
    stdout: { write: (text) => send({ stdout: text }) },
    stderr: { write: (text) => send({ stderr: text }) },
  }
  try {
    send({ exitCode: await run(JSON.parse(line), io) })
  } catch (error) {
    io.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    send({ exitCode: 1 })
  }
  socket.end()
}
