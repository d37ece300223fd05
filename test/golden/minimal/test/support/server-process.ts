import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Env } from '../../src/config/index.ts'
import { serverFolder } from './server-folder.ts'

const entry = fileURLToPath(new URL('../../dist-test/server.js', import.meta.url))

/** `src/server.ts`, as `build.ts` compiled it, in a process and a folder of its own. */
export class ServerProcess {
  readonly lines: string[] = []
  stderr = ''
  /** Where it listens, once `listening` has resolved. */
  url = ''
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown[]>

  /** @param script starts the service, if `src/server.ts` doesn't */
  static async start(env: Env = {}, script = entry): Promise<ServerProcess> {
    return new ServerProcess(env, script, await serverFolder())
  }

  private constructor(env: Env, script: string, folder: string) {
    this.#folder = folder
    this.#child = spawn(process.execPath, ['--enable-source-maps', script], {
      cwd: folder,
      env: { PATH: process.env.PATH, NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#exited = once(this.#child, 'close')
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk
    })
    if (this.#child.stdout) {
      createInterface(this.#child.stdout).on('line', (line) => this.lines.push(line))
    }
  }

  /** Resolves when it accepts connections; rejects if it ends before. */
  async listening(): Promise<this> {
    const line = await this.line('Server listening at ')
    this.url = /http:\/\/[^"]+/.exec(line)?.[0] ?? ''
    return this
  }

  /** Resolves with the first log line that contains `text`. */
  async line(text: string): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => line.includes(text))
      if (found) return found
      if (this.#child.exitCode !== null) throw new Error(`The server ended:\n${this.stderr}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  /** Whether it accepts connections. */
  isReachable(): Promise<boolean> {
    return fetch(`${this.url}/health/live`).then(Boolean, () => false)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Its exit code and the signal that ended it, once it has ended. */
  async exit(): Promise<{ code: unknown; signal: unknown }> {
    const [code, signal] = await this.#exited
    return { code, signal }
  }

  /** Ends it if it still runs, and removes its folder. */
  async stop(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
    await rm(this.#folder, { recursive: true, force: true })
  }
}
