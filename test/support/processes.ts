import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Ended {
  readonly code: number | null
  readonly output: string
}

type Env = Readonly<Record<string, string | undefined>>

/** Runs a program to its end and keeps everything it printed. */
export async function execute(
  cwd: string,
  [program = '', ...args]: readonly string[],
  env: Env = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  const [code] = await once(child, 'close')
  return { code, output: output() }
}

/** Runs a program that has to succeed, and gives what it printed. */
export async function succeed(
  cwd: string,
  words: readonly string[],
  env: Env = {},
): Promise<string> {
  const { code, output } = await execute(cwd, words, env)
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}\n${output}`)
  return output
}

/** A server in a process group of its own. */
export interface Serving {
  readonly url: string
  output(): string
  /**
   * Sends a signal to every process of the group, as a terminal does, or to the first alone, as a
   * supervisor does, and waits for the end of the first.
   */
  stop(signal: NodeJS.Signals, whom: 'group' | 'first'): Promise<number | null>
}

/** Starts a server on a free port and waits until `path` answers with 200, there or at `origin`. */
export async function serving(
  cwd: string,
  words: (port: number) => readonly string[],
  env: Env = {},
  path = '/health/ready',
  origin?: string,
): Promise<Serving> {
  const port = await freePort()
  const [program = '', ...args] = words(port)
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const output = collect(child)
  const url = origin ?? `http://127.0.0.1:${port}`
  for (const until = Date.now() + 120_000; ; await sleep(100)) {
    if (await answers(url + path)) break
    if (child.exitCode !== null || Date.now() > until) {
      throw new Error(`${words(port).join(' ')} does not answer\n${output()}`)
    }
  }
  return {
    url,
    output,
    stop: async (signal, whom) => {
      const isEnded = child.exitCode !== null || child.signalCode !== null
      if (isEnded || child.pid === undefined) return child.exitCode
      const closed = once(child, 'close')
      process.kill(whom === 'group' ? -child.pid : child.pid, signal)
      const [code] = await closed
      return code
    },
  }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  child.stderr?.on('data', (chunk) => {
    text += chunk
  })
  return () => text
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  )
}

/** A port of 127.0.0.1 that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
