import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../../../dist-test/server.js', import.meta.url))
const unshare = ['--fork', '--pid', '--kill-child']

/** Whether this machine lets tests start a process as PID 1. */
export function isPidNamespaceAllowed(): boolean {
  const script = ['-e', 'process.exitCode = process.pid === 1 ? 0 : 1']
  return spawnSync('unshare', [...unshare, process.execPath, ...script]).status === 0
}

/** The compiled service as PID 1, as in a container. */
export class Pid1 {
  stdout = ''
  readonly #outer: ChildProcess
  readonly #exited: Promise<unknown[]>

  constructor(folder: string, env: Record<string, string>) {
    const options = { cwd: folder, env: { PATH: process.env.PATH, NODE_ENV: 'test', ...env } }
    this.#outer = spawn('unshare', [...unshare, process.execPath, entry], options)
    this.#exited = once(this.#outer, 'close')
    this.#outer.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk
    })
  }

  /** Sends a signal as an orchestrator does: from outside of the namespace. */
  signal(signal: NodeJS.Signals): void {
    const { pid } = this.#outer
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    process.kill(Number(children.trim()), signal)
  }

  /** Its exit code, once it has ended. */
  async exit(): Promise<unknown> {
    return (await this.#exited)[0]
  }

  kill(): void {
    this.#outer.kill('SIGKILL')
  }
}
