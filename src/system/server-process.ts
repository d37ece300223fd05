import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Command } from '../model/plan.ts'
import { exitCodeOf } from './exit-code.ts'
import { type Held, preloadOf } from './server-bootstrap.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** A server that runs, with this terminal as its own. */
export interface ServerProcess {
  /** Its exit code; 128 + the number of the signal that ended it. */
  readonly ended: Promise<number>
  /** Where it accepts connections, once it does; nothing if it ended before. */
  readonly listening: Promise<Address | undefined>
  /** What was taken when it wanted to listen. */
  refused(): Address | undefined
  /** The paths or addresses of the code that it has run; none where it does not tell. */
  loaded(): Promise<readonly string[]>
  /** Asks it to answer what is open and to end. That is no signal: Ctrl-C still counts as the first. */
  drain(): void
  /** Hands on a signal that may have reached it too; it counts once. */
  stop(signal: NodeJS.Signals): void
  kill(signal: NodeJS.Signals): void
}

/** A process that becomes a server when it is told so, and has run no code of the project's yet. */
export interface HeldProcess {
  readonly ended: Promise<number>
  /** Lets it go on; gives nothing where it has ended. Of several places `port` is what matters, if given. */
  start(port?: number): ServerProcess | undefined
  /** Ends it at once. */
  discard(): void
}

interface Told {
  readonly listening?: Address
  readonly refused?: Address
  readonly loaded?: readonly string[]
}

/** Starts a program of Node.js. Of one that listens in several places `port` is what matters, if given. */
export function startServer(command: Command, port?: number): ServerProcess {
  const child = started(command)
  return serverOf(child, endOf(child), port)
}

/** Starts a program of Node.js that loads packages, and then waits before its own code. */
export function holdServer(command: Command, held: Held): HeldProcess {
  const child = started(command, held)
  const ended = endOf(child)
  return {
    ended,
    start(port) {
      if (!child.connected || child.exitCode !== null || child.signalCode !== null) return undefined
      child.send('go', () => {})
      return serverOf(child, ended, port)
    },
    discard: () => void child.kill('SIGKILL'),
  }
}

function started({ args, cwd, env }: Command, held?: Held): ChildProcess {
  return spawn(process.execPath, ['--import', preloadOf(held), ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', async (code, signal) => {
      // What it told last is read until then.
      if (child.connected) await once(child, 'disconnect')
      resolve(exitCodeOf(code, signal))
    })
  })
}

function serverOf(child: ChildProcess, ended: Promise<number>, port?: number): ServerProcess {
  let refused: Address | undefined
  const listening = new Promise<Address | undefined>((resolve) => {
    child.on('message', (told: Told) => {
      refused = told.refused ?? refused
      if (told.listening && (port ?? told.listening.port) === told.listening.port) {
        resolve(told.listening)
      }
    })
    child.once('exit', () => resolve(undefined)).once('error', () => resolve(undefined))
  })
  // One that is about to end has closed the channel already.
  const send = (message: string | { readonly stop: NodeJS.Signals }) =>
    child.connected && child.send(message, () => {})
  return {
    ended,
    listening,
    refused: () => refused,
    loaded: () =>
      new Promise((resolve) => {
        child.on('message', ({ loaded }: Told) => loaded && resolve(loaded))
        child.once('exit', () => resolve([])).once('error', () => resolve([]))
        if (!send('loaded')) resolve([])
      }),
    drain: () => void send('drain'),
    stop: (signal) => void (send({ stop: signal }) || child.kill(signal)),
    kill: (signal) => void child.kill(signal),
  }
}
