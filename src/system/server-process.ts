import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Command } from '../model/plan.ts'
import { exitCodeOf } from './exit-code.ts'

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
  /** Asks it to answer what is open and to end. That is no signal: Ctrl-C still counts as the first. */
  drain(): void
  /** Hands on a signal that may have reached it too; it counts once. */
  stop(signal: NodeJS.Signals): void
  kill(signal: NodeJS.Signals): void
}

/** A terminal signals all its processes at the same time, but they do not run at the same time. */
const echoMs = 300

/**
 * What runs in the server before its own code. It tells where the server listens, as only the server
 * knows, and sees to it that the server hears of one stop once, however many ways tell it: a second
 * signal would end it at once. One that drains for a reload overlooks the first Ctrl-C therefore.
 * Servers know no SIGHUP, or read their settings anew for it: here it is a stop like the others.
 * A server whose parent was killed drains and ends, as it would otherwise hold the port for ever.
 */
const guest = (parent: number) => `import { subscribe } from 'node:diagnostics_channel';
if (process.channel && process.ppid === ${parent}) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let isAsked = false;
  const heard = (signal) => {
    if (process.listenerCount(signal) === 0) ask(signal);
    else if (signal !== 'SIGHUP') isAsked = true;
  };
  const arm = () => signals.forEach((signal) => process.once(signal, heard));
  const disarm = () => signals.forEach((signal) => process.off(signal, heard));
  const ask = (signal) => {
    if (isAsked) return;
    isAsked = true;
    disarm();
    const known = signal === 'SIGHUP' ? 'SIGTERM' : signal;
    if (process.emit(known, known)) arm();
    else process.kill(process.pid, signal);
  };
  arm();
  process.on('disconnect', () => ask('SIGTERM'));
  process.on('message', (message) => {
    if (message === 'drain') ask('SIGTERM');
    if (!signals.includes(message?.stop)) return;
    ask(message.stop);
    setTimeout(disarm, ${echoMs}).unref();
  });
  process.channel.unref();
  const tell = (message) => process.connected && process.send(message, () => {});
  subscribe('tracing:net.server.listen:asyncEnd', ({ server }) => {
    const { address: host, port } = server.address() ?? {};
    if (port) tell({ listening: { host, port } });
  });
  subscribe('tracing:net.server.listen:error', ({ error: { code, address: host, port } }) => {
    if (code === 'EADDRINUSE' && port) tell({ refused: { host, port } });
  });
}`

interface Told {
  readonly listening?: Address
  readonly refused?: Address
}

/** Starts a program of Node.js. Of one that listens in several places `port` is what matters, if given. */
export function startServer({ args, cwd, env }: Command, port?: number): ServerProcess {
  const preload = `data:text/javascript,${encodeURIComponent(guest(process.pid))}`
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
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
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', async (code, signal) => {
      // What it told last is read until then.
      if (child.connected) await once(child, 'disconnect')
      resolve(exitCodeOf(code, signal))
    })
  })
  // One that is about to end has closed the channel already.
  const send = (message: string | { readonly stop: NodeJS.Signals }) =>
    child.connected && child.send(message, () => {})
  return {
    ended,
    listening,
    refused: () => refused,
    drain: () => void send('drain'),
    stop: (signal) => void (send({ stop: signal }) || child.kill(signal)),
    kill: (signal) => void child.kill(signal),
  }
}
