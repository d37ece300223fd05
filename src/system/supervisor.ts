import type { Command } from '../model/plan.ts'
import { type Env, type Output, sendToGroup, start } from './exec.ts'
import { codeOf, codeOfSignal } from './exit-code.ts'
import { onStopSignals } from './stop-signals.ts'

/** How a program ended, and everything it printed that was kept, in the order in which it came. */
export interface Ended {
  /** 128 + the number of the signal where one cancelled it. */
  readonly exitCode: number
  readonly output: string
}

/** Runs programs, none of which outlives this process or the signal that cancels it. */
export interface Supervisor {
  run(command: Command, env?: Env, output?: Output): Promise<Ended>
  isCancelled(): boolean
  /** Kills what still runs, and leaves signals to the process again. */
  close(): void
}

/**
 * Each program leads a process group of its own. So a signal reaches what it started too, as the
 * compiler behind a wrapper and the workers of a test runner, and what ignores it can be killed.
 * The terminal does not know these groups: Ctrl-C is handed on to them like any other signal, and
 * a second one kills, as does the end of the time that programs have to end in order.
 */
export function supervise(graceMs = 5_000): Supervisor {
  const groups = new Set<number>()
  let cancelledCode: number | undefined
  let patience: NodeJS.Timeout | undefined
  const send = (signal: NodeJS.Signals) => {
    for (const group of groups) sendToGroup(group, signal)
  }
  const kill = () => send('SIGKILL')
  const cancel = (signal: NodeJS.Signals) => {
    if (isCancelled()) return kill()
    cancelledCode = codeOfSignal(signal)
    patience = setTimeout(kill, graceMs)
    send(signal)
  }
  const isCancelled = () => cancelledCode !== undefined
  const leaveSignals = onStopSignals(cancel)
  process.on('exit', kill)
  return {
    isCancelled,
    run: async (command, env = {}, output = 'kept') => {
      if (cancelledCode !== undefined) return { exitCode: cancelledCode, output: '' }
      const { child } = await start(command, env, output)
      const { pid } = child
      if (pid !== undefined) groups.add(pid)
      // The signal may have come while it was about to start.
      if (isCancelled()) kill()
      try {
        const { code, output: kept } = await untilGone(child, isCancelled)
        return { exitCode: cancelledCode ?? codeOf(code, command), output: kept }
      } finally {
        if (pid !== undefined) groups.delete(pid)
      }
    },
    close: () => {
      kill()
      clearTimeout(patience)
      leaveSignals()
      process.off('exit', kill)
    },
  }
}

type Child = Awaited<ReturnType<typeof start>>['child']

async function untilGone(child: Child, isCancelled: () => boolean) {
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  }
  const { pid } = child
  const left =
    pid === undefined
      ? undefined
      : new Promise<void>((resolve) => {
          child.once('exit', () => void endRest(child, pid, isCancelled).then(resolve))
        })
  const [code] = await Promise.all([child, left])
  return { code, output: chunks.join('') }
}

const pollMs = 25
/** How long what a program started may take once the program has ended. */
const restMs = 500

/**
 * What a program leaves running is its own affair, as without this program; unless it keeps the
 * output open, for which nobody can wait, or all was cancelled, when nothing may stay: TypeScript 7
 * ends for no signal while its wrapper ends at once.
 */
async function endRest(child: Child, group: number, isCancelled: () => boolean): Promise<void> {
  const streams = [child.stdout, child.stderr].flatMap((stream) => stream ?? [])
  const isOpen = () => streams.some((stream) => !stream.readableEnded)
  const isLeft = () => (isCancelled() ? isThere(group) : isOpen())
  for (let waited = 0; isLeft() && waited < restMs; waited += pollMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  if (isLeft()) sendToGroup(group, 'SIGKILL')
  // What got away into a group of its own cannot hold the output either.
  if (isOpen()) setTimeout(() => streams.map((stream) => stream.destroy()), pollMs)
}

function isThere(group: number): boolean {
  return sendToGroup(group, 0)
}

/** Runs one program that reads nothing, shows what it prints, and gives its exit code. */
export async function runAlone(
  command: Command,
  output: Exclude<Output, 'kept'> = 'shown',
): Promise<number> {
  return (await runHeard(command, {}, output)).exitCode
}

/** The same, and gives what it printed too, if `output` keeps that. */
export async function runHeard(command: Command, env: Env, output: Output): Promise<Ended> {
  const supervisor = supervise()
  try {
    return await supervisor.run(command, env, output)
  } finally {
    supervisor.close()
  }
}
